-- Ends a lease before its time, and rings, so that who waits on another node asks for it. No change of the log.
-- repeatable
-- uses: asked, seen
-- KEYS 1 meta, 2 lease, 3 bell
-- ARGV 1 asked, 2 count and epoch of the lease, 3 what rings
-- answers epoch, chain, head, time, 1 if it was held
local held = redis.call('GET', KEYS[2])
if held and string.sub(held, 1, 14) == ARGV[2] and now < struct.unpack('>I6', held, 29) then
  redis.call('DEL', KEYS[2])
  redis.call('SPUBLISH', KEYS[3], ARGV[3])
  return {epoch, chain, head, now, 1}
end
return {epoch, chain, head, now, 0}
