-- Puts back what Redis lost, unless somebody else did or began anew.
-- KEYS 1 control documents
-- ARGV 1 id, 2 stamp, 3… fields and values
if redis.call('HEXISTS', KEYS[1], 'id') == 1 then return 0 end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'stamp', ARGV[2])
return 1
