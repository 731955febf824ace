-- Reads a page of the log.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 log
-- ARGV 1 asked, 2 the number it begins after, 3 most changes
-- answers epoch, chain, head, time, the page
return {epoch, chain, head, now, redis.call('XRANGE', KEYS[2], '(' .. ARGV[2] .. '-0', '+', 'COUNT', ARGV[3])}
