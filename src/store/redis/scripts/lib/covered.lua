-- Looks for the watermarks of what was found: only an entry stamped below the newest, or in another epoch, can have any.
local covered, least = {}, struct.unpack('>I6', newest)
for i = 3, #found do
  local record = found[i]
  if record and now < struct.unpack('>I6', record, 3) then
    local stamped, name = struct.unpack('>I6c8', record, 23)
    if stamped < least or name ~= epoch then
      local metadata = string.sub(record, 51, 50 + struct.unpack('>I2', record, 49))
      local removed, stale = covering(KEYS[3], string.sub(KEYS[i + 1], #KEYS[3] + 2), metadata)
      if removed + stale > 0 then
        local at = #covered
        covered[at + 1], covered[at + 2], covered[at + 3] = i, removed, stale
      end
    end
  end
end
return {epoch, chain, head, now, found, covered}
