-- Reads a part of a namespace's watermark table, and its own row.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 newest and 3 rows of the namespace's watermarks
-- ARGV 1 asked, 2 where the scan goes on, 0 at first, 3 about how many rows
-- answers epoch, chain, head, time, where the next part begins, 0 after the last, selectors and rows, the namespace's own
--   row
local newest = redis.call('GET', KEYS[2])
if not newest or string.sub(newest, 7) ~= string.sub(meta, 15, 22) then
  return {epoch, chain, head, now, '0', {}, false}
end
local part = redis.call('HSCAN', KEYS[3], ARGV[2], 'COUNT', ARGV[3])
return {epoch, chain, head, now, part[1], part[2], redis.call('HGET', KEYS[3], 'n')}
