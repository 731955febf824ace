-- Takes keys out of the index that hold no entry any more. An entry past its time becomes a removal, so that it is not
-- there again should the clock go back.
-- uses: asked, seen
-- KEYS 1 meta, 2 index, 3… records
-- ARGV 1 asked
-- answers epoch, chain, head, time, how many were taken out
local absent = {}
for i = 3, #KEYS do
  local start = redis.call('GETRANGE', KEYS[i], 0, 7)
  if start == '' or now >= struct.unpack('>I6', start, 3) then
    absent[#absent + 1] = string.sub(KEYS[i], #KEYS[2] + 2)
    local kind = string.sub(start, 1, 1)
    if kind == 'e' or kind == 'n' then redis.call('SETRANGE', KEYS[i], 0, 'x-\0\0\0\0\0\0') end
  end
end
if #absent > 0 then redis.call('ZREM', KEYS[2], unpack(absent)) end
return {epoch, chain, head, now, #absent}
