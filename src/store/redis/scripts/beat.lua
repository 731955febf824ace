-- A heartbeat: the lineage check, the head, a page of the log; and others learn that this node is there. Of a server that
-- is no primary it tells what that holds. A registration is the time in 6 bytes and what the node packed, which begins
-- with the milliseconds that it may be trusted in 6. Under `since` stands the epoch, and when a node first registered in
-- it: times from before that are of another server, so they begin anew.
-- uses: asked, lineage
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 nodes
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 id of the node, empty if none, 5 what it registers, 6 milliseconds
--   for which a node is remembered, or as long as it may be trusted, 7 most changes of the page, 8 the number it begins
--   after, or empty
-- answers epoch, chain, head, time, 1 from a primary, the page
if primary and ARGV[4] ~= '' then
  local heard = struct.pack('>I6', now)
  if string.sub(redis.call('HGET', KEYS[5], 'since') or '', 1, 8) ~= epoch then
    local nodes = redis.call('HGETALL', KEYS[5])
    for i = 1, #nodes, 2 do
      if nodes[i] ~= 'since' then redis.call('HSET', KEYS[5], nodes[i], heard .. string.sub(nodes[i + 1], 7)) end
    end
    redis.call('HSET', KEYS[5], 'since', epoch .. heard)
  end
  if redis.call('HSET', KEYS[5], ARGV[4], heard .. ARGV[5]) == 1 then
    local nodes = redis.call('HGETALL', KEYS[5])
    for i = 1, #nodes, 2 do
      local at, trusted = struct.unpack('>I6I6', nodes[i + 1])
      if nodes[i] ~= 'since' and now - at > math.max(ARGV[6], trusted) then redis.call('HDEL', KEYS[5], nodes[i]) end
    end
  end
end
local page = {}
if ARGV[8] ~= '' then page = redis.call('XRANGE', KEYS[2], '(' .. ARGV[8] .. '-0', '+', 'COUNT', ARGV[7]) end
return {epoch, chain, head, now, primary and 1 or 0, page}
