-- The highest watermarks among the selectors that cover a key and its tags. Metadata is the content type and the tags,
-- each after its length in 2 bytes.
local function covering(rows, key, metadata)
  local SCOPE_PREFIXES_MAX = 8
  local selectors = {'n', 'k' .. key}
  local at = 0
  for _ = 1, SCOPE_PREFIXES_MAX do
    at = string.find(key, '[:/]', at + 1)
    if not at then break end
    selectors[#selectors + 1] = 'p' .. string.sub(key, 1, at)
  end
  local from = metadata == '' and 1 or 3 + struct.unpack('>I2', metadata)
  while from < #metadata do
    local size = struct.unpack('>I2', metadata, from)
    selectors[#selectors + 1] = 't' .. string.sub(metadata, from + 2, from + 1 + size)
    from = from + 2 + size
  end
  local removed, stale = 0, 0
  for _, row in ipairs(redis.call('HMGET', rows, unpack(selectors))) do
    if row then
      local rowRemoved, rowStale = struct.unpack('>I6I6', row)
      removed, stale = math.max(removed, rowRemoved), math.max(stale, rowStale)
    end
  end
  return removed, stale
end
