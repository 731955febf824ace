-- Tells which nodes registered: see `beat.lua`.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 nodes
-- ARGV 1 asked
-- answers epoch, chain, head, time, names and values in turn
return {epoch, chain, head, now, redis.call('HGETALL', KEYS[2])}
