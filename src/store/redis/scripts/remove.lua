-- Removes an entry. A change also where there is none.
-- uses: asked, lineage, primary, once, before, append
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 record, 6 lease, 7 index, and for a change with a request id 8 results and 9
--   their order
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 where the key's slot begins, 5 packed change, 6 once, 7 not after,
--   and milliseconds for which a removal is remembered in 6 bytes each, kind of the removal
-- answers epoch, chain, head, time; then (A)pplied with the result, (R)epeated with it and the note, (L)ate, (F)ull with
--   milliseconds
-- ends: applied
local memory, kind = struct.unpack('>I6c1', ARGV[7], 7)
local removal = struct.pack('>c1c1I6c14c14I6I6', kind, '-', 0, position, position, now, 0)
redis.call('SET', KEYS[5], removal, 'PXAT', string.format('%d', raw + memory))
redis.call('SETRANGE', KEYS[4], ARGV[4], string.sub(position, 1, 6))
redis.call('ZREM', KEYS[7], string.sub(KEYS[5], #KEYS[7] + 2))
redis.call('DEL', KEYS[6])
local result = struct.pack('>c14c14BI6I6I6I6', position, position, live and 1 or 0, 0, 0, 0, now)
