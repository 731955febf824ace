-- Counts the keys of a namespace; also those whose entry is gone.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 index
-- ARGV 1 asked
-- answers epoch, chain, head, time, the count
return {epoch, chain, head, now, redis.call('ZCARD', KEYS[2])}
