-- Deletes a control document, if it has the expected version. A change whose stamp is the newest was made before: its
-- answer was lost.
-- KEYS 1 control documents
-- ARGV 1 id, 2 stamp, 3 field, 4 expected version
-- answers (P)erformed, (V)ersion mismatch or (L)ost; the stamp before; what there is
local have = redis.call('HMGET', KEYS[1], 'id', 'stamp', ARGV[3])
if have[1] ~= ARGV[1] then return {'L'} end
if have[2] == ARGV[2] then return {'P'} end
if not have[3] or string.match(have[3], '^%d+') ~= ARGV[4] then return {'V', have[2], have[3]} end
redis.call('HDEL', KEYS[1], ARGV[3])
redis.call('HINCRBY', KEYS[1], 'count', -1)
redis.call('HSET', KEYS[1], 'stamp', ARGV[2])
return {'P', have[2]}
