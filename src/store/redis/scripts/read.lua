-- Reads keys of one namespace at one moment.
-- reads
-- uses: asked
-- KEYS 1 meta, 2 newest and 3 rows of the namespace's watermarks, 4… records
-- ARGV 1 asked
-- answers epoch, chain, head, time, what 2… hold; and where an entry is below a watermark its number in that list and its
--   highest watermarks, flat
-- ends: covering, covered
local found = redis.call('MGET', KEYS[1], KEYS[2], unpack(KEYS, 4))
local meta, newest = found[1] or '', found[2]
local head = meta == '' and 0 or struct.unpack('>I6', meta)
local epoch = string.sub(meta, 7, 14)
local chain = epoch ~= known and string.sub(meta, 77)
if not newest or string.sub(newest, 7) ~= string.sub(meta, 15, 22) then return {epoch, chain, head, now, found} end
