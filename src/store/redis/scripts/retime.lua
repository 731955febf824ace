-- Gives an entry a new lifetime. A change also where there is none.
-- uses: asked, lineage, primary, once, before, guard, append
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 record, 6 lease, 7 index, and for a change with a request id 8 results and 9
--   their order
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 where the key's slot begins, 5 packed change, 6 once, 7 not after,
--   TTL, stale window, milliseconds for which a record outlives its entry and for which a removal is remembered in 6
--   bytes each, `k` keeps the lifetime; 8 guard
-- answers epoch, chain, head, time; then (A)pplied with the result, (R)epeated with it and the note, (G)uarded, (L)ate,
--   (F)ull with milliseconds
-- ends: applied
local ttl, window, slack, memory, keep = struct.unpack('>I6I6I6I6c1', ARGV[7], 7)
local kind = string.sub(before, 1, 1)
local stamp, flags, created, fresh, gone = position, 0, 0, 0, 0
if live then
  local mark = '-'
  flags, stamp = 3, string.sub(before, 23, 36)
  if keep == 'k' then
    mark, gone = struct.unpack('>c1I6', before, 2)
    created, fresh = struct.unpack('>I6I6', before, 37)
  else
    created, fresh, gone = now, now + ttl, now + ttl + window
  end
  local header = struct.pack('>c1c1I6c14c14I6I6', kind, mark, gone, position, stamp, created, fresh)
  redis.call('SETRANGE', KEYS[5], 0, header)
  redis.call('PEXPIREAT', KEYS[5], string.format('%d', gone - offset + slack))
elseif before ~= '' then
  if kind == 'e' or kind == 'n' then kind = 'x' end
  local removal = struct.pack('>c1c1I6c14c14I6I6', kind, '-', 0, position, position, now, 0)
  redis.call('SET', KEYS[5], removal, 'PXAT', string.format('%d', raw + memory))
end
redis.call('SETRANGE', KEYS[4], ARGV[4], string.sub(position, 1, 6))
redis.call('DEL', KEYS[6])
local result = struct.pack('>c14c14BI6I6I6I6', position, stamp, flags, created, fresh, gone, now)
