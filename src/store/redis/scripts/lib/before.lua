-- A record, KEYS[5], is one string: kind (`e` entry, `n` negative entry; a removal: `d` deleted, `i` invalidated, `x`
-- expired, `u` unknown), mark (`s` marked stale or `-`), gone time in 6 bytes (0 for a removal), position and stamp in 14
-- each, created and fresh-until times in 6 each; then what the node packed: length of the metadata in 2 bytes, metadata,
-- value. `before` is its beginning, empty if there is none, `metadata` that of a live entry. What is no record, since
-- somebody wrote there by hand, counts as none: the change mends it.
local before = redis.call('GETRANGE', KEYS[5], 0, 511)
if #before < 48 or not string.find(before, '^[endixu][s-]') then before = '' end
local live, metadata = false, ''
if before ~= '' and now < struct.unpack('>I6', before, 3) then
  live = true
  local last = 50 + struct.unpack('>I2', before, 49)
  metadata = last <= 512 and string.sub(before, 51, last) or redis.call('GETRANGE', KEYS[5], 50, last - 1)
end
