-- Opens the control documents of a deployment; whoever is first gives it its id. They are one hash: `id`, `partitions`,
-- `stamp` of the newest change, `count` of documents; a document under `d:KIND/NAME` as version, space, JSON; a secret
-- under `s:NAME`.
-- KEYS 1 control documents
-- ARGV 1 id, 2 how many partitions, 3 stamp
-- answers fields and values
if redis.call('HSETNX', KEYS[1], 'id', ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1], 'partitions', ARGV[2], 'stamp', ARGV[3], 'count', 0)
end
return redis.call('HGETALL', KEYS[1])
