-- Finds the result of a change that has a request id.
-- reads
-- uses: asked, seen
-- KEYS 1 meta, 2 results, 3 their order by time
-- ARGV 1 asked, 2 the change's name, 3 milliseconds for which results are remembered
-- answers epoch, chain, head, time, the result and the note if it is remembered
local at = redis.call('ZSCORE', KEYS[3], ARGV[2])
if not at or now - at > tonumber(ARGV[3]) then return {epoch, chain, head, now, false} end
return {epoch, chain, head, now, redis.call('HGET', KEYS[2], ARGV[2])}
