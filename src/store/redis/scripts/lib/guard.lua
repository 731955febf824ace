-- What must hold for a change to be applied, ARGV[8]: `n` nothing; `u` the position of the entry, or none; `l` the lease
-- that is held; `f` a fence: position, time given, greatest age.
--
-- The newest change of a key stands in its record. Where there is none any more, whether it expired or was evicted, the
-- slot of the key in KEYS[4] bounds it: 6 bytes at ARGV[4] for the newest change of any key whose hash is that slot.
local leaseStamp
if ARGV[8] ~= 'n' then
  local kind, holds = string.sub(ARGV[8], 1, 1), false
  if kind == 'u' then
    holds = string.sub(ARGV[8], 2) == (live and string.sub(before, 9, 22) or '')
  elseif kind == 'l' then
    local lease = redis.call('GET', KEYS[6])
    if lease and string.sub(lease, 1, 14) == string.sub(ARGV[8], 2) then
      holds = now < struct.unpack('>I6', lease, 29)
      leaseStamp = string.sub(lease, 15, 28)
    end
  elseif kind == 'f' then
    local number, name, given, age = struct.unpack('>I6c8I6I6', ARGV[8], 2)
    local shared = name == epoch and math.huge or -1
    local least = math.huge
    for at = 77, shared < 0 and #meta or 0, 14 do
      least = math.min(least, (struct.unpack('>I6', meta, at)))
      if string.sub(meta, at + 6, at + 13) == name then
        shared = least
        break
      end
    end
    local newest = 0
    if before ~= '' then
      newest = struct.unpack('>I6', before, 9)
    else
      local slot = redis.call('GETRANGE', KEYS[4], ARGV[4], ARGV[4] + 5)
      if #slot == 6 then newest = struct.unpack('>I6', slot) end
    end
    holds = now - given <= age and number <= shared and newest <= number
  end
  if not holds then return {epoch, chain, head, now, 'G'} end
end
