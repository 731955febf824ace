-- Grants the lease of a key. No change of the log, but it begins with the lineage check: its id names the epoch. A lease
-- is its count in 6 bytes, its epoch in 8, its stamp in 14 and the time it ends in 6.
-- repeatable
-- uses: asked, lineage, primary, covering
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 count of leases, 6 lease, 7 newest and 8 rows of the namespace's watermarks
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 key, 5 stamp, 6 milliseconds it is held, 7 the position below which
--   leases are void, or empty: then this partition holds the watermarks; 8 where the key's slot begins, 9 the position at
--   which the miss was judged
-- answers epoch, chain, head, time, and the count of the lease granted; or 0 and the milliseconds for which another is
--   held; or -1 if the key may have changed since the miss: then what the caller lacks may be there
local held = redis.call('GET', KEYS[6])
if held then
  local stamp, name, ends = struct.unpack('>I6c8I6', held, 15)
  local below, belowName = 0, epoch
  if ARGV[7] ~= '' then
    below, belowName = struct.unpack('>I6c8', ARGV[7])
  else
    local newest = redis.call('GET', KEYS[7])
    if newest and string.sub(newest, 7) == string.sub(meta, 15, 22) then
      below = math.max(covering(KEYS[8], ARGV[4], ''))
    end
  end
  if now < ends and not (name == belowName and stamp < below) then
    return {epoch, chain, head, now, 0, ends - now}
  end
end
local slot = redis.call('GETRANGE', KEYS[4], ARGV[8], ARGV[8] + 5)
local judged, judgedEpoch = struct.unpack('>I6c8', ARGV[9])
if judgedEpoch ~= epoch or (#slot == 6 and struct.unpack('>I6', slot) > judged) then
  return {epoch, chain, head, now, -1}
end
local count = redis.call('INCR', KEYS[5])
local lease = struct.pack('>I6', count) .. epoch .. ARGV[5] .. struct.pack('>I6', now + ARGV[6])
redis.call('SET', KEYS[6], lease, 'PX', ARGV[6])
return {epoch, chain, head, now, count}
