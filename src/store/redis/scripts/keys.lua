-- Lists keys of a namespace in the order of their bytes; also those whose entry is gone.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 index
-- ARGV 1 asked, 2 the key it begins after, empty at first, 3 most keys
-- answers epoch, chain, head, time, keys
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2]
return {epoch, chain, head, now, redis.call('ZRANGEBYLEX', KEYS[2], from, '+', 'LIMIT', 0, ARGV[3])}
