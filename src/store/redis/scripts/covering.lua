-- Reads rows of the watermark table, for whoever knows which selectors cover its entries.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 newest and 3 rows of the namespace's watermarks
-- ARGV 1 asked, 2… selectors
-- answers epoch, chain, head, time, rows; no rows where the namespace has no watermark
local newest = ARGV[2] and redis.call('GET', KEYS[2])
if not newest or string.sub(newest, 7) ~= string.sub(meta, 15, 22) then return {epoch, chain, head, now, {}} end
return {epoch, chain, head, now, redis.call('HMGET', KEYS[3], unpack(ARGV, 2))}
