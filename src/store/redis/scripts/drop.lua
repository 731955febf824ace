-- Forgets a namespace's watermarks, and some of its keys.
-- uses: asked, seen
-- KEYS 1 meta, 2 newest, 3 rows and 4 order of its watermarks, 5 index, 6… records
-- ARGV 1 asked
-- answers epoch, chain, head, time
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4])
local keys = {}
for i = 6, #KEYS do keys[#keys + 1] = string.sub(KEYS[i], #KEYS[5] + 2) end
if #keys > 0 then
  redis.call('UNLINK', unpack(KEYS, 6))
  redis.call('ZREM', KEYS[5], unpack(keys))
end
return {epoch, chain, head, now}
