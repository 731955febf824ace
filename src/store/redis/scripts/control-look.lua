-- Reads the control documents if they are not as the asker knows them.
-- reads
-- KEYS 1 control documents
-- ARGV 1 stamp that the asker knows
-- answers nothing if that is the newest change, else fields and values: none if Redis lost them
if redis.call('HGET', KEYS[1], 'stamp') == ARGV[1] then return false end
return redis.call('HGETALL', KEYS[1])
