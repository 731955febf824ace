-- Takes a node off the list: it has closed.
-- repeatable
-- uses: asked, seen
-- KEYS 1 meta, 2 nodes
-- ARGV 1 asked, 2 id of the node
-- answers epoch, chain, head, time
redis.call('HDEL', KEYS[2], ARGV[2])
return {epoch, chain, head, now}
