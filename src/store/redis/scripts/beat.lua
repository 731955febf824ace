-- A heartbeat: the lineage check, the head, a page of the log; and others learn that this node is there. Of a server that
-- is no primary it tells what that holds.
-- uses: asked, lineage
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 nodes
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 node, empty if none, 5 the position it has applied or empty,
--   6 milliseconds for which a node is remembered, 7 most changes of the page, 8 the number it begins after, or empty
-- answers epoch, chain, head, time, 1 from a primary, the page
if primary and ARGV[4] ~= '' and redis.call('HSET', KEYS[5], ARGV[4], struct.pack('>I6', now) .. ARGV[5]) == 1 then
  local nodes = redis.call('HGETALL', KEYS[5])
  for i = 1, #nodes, 2 do
    if now - struct.unpack('>I6', nodes[i + 1]) > tonumber(ARGV[6]) then redis.call('HDEL', KEYS[5], nodes[i]) end
  end
end
local page = {}
if ARGV[8] ~= '' then page = redis.call('XRANGE', KEYS[2], '(' .. ARGV[8] .. '-0', '+', 'COUNT', ARGV[7]) end
return {epoch, chain, head, now, primary and 1 or 0, page}
