-- Creates or replaces a control document, if it has the expected version. A change whose stamp is the newest was made
-- before: its answer was lost.
-- KEYS 1 control documents
-- ARGV 1 id, 2 stamp, 3 field, 4 expected version, 5 version and JSON, 6 most documents
-- answers (P)ut, (V)ersion mismatch, (Q)uota exceeded or (L)ost; the stamp before; what there is
local have = redis.call('HMGET', KEYS[1], 'id', 'stamp', 'count', ARGV[3])
if have[1] ~= ARGV[1] then return {'L'} end
if have[2] == ARGV[2] then return {'P'} end
local version = have[4] and string.match(have[4], '^%d+') or '0'
if version ~= ARGV[4] then return {'V', have[2], have[4]} end
if not have[4] then
  if tonumber(have[3]) >= tonumber(ARGV[6]) then return {'Q'} end
  redis.call('HINCRBY', KEYS[1], 'count', 1)
end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[5], 'stamp', ARGV[2])
return {'P', have[2]}
