-- Returns a secret; whoever asks first makes it.
-- KEYS 1 control documents
-- ARGV 1 id, 2 stamp, 3 field, 4 bytes
-- answers (K)nown, (P)ut or (L)ost; the stamp before; the bytes
local have = redis.call('HMGET', KEYS[1], 'id', 'stamp', ARGV[3])
if have[1] ~= ARGV[1] then return {'L'} end
if have[3] then return {'K', have[2], have[3]} end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4], 'stamp', ARGV[2])
return {'P', have[2], ARGV[4]}
