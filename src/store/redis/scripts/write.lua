-- Stores an entry.
-- uses: asked, lineage, primary, once, before, guard, append
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 record, 6 lease, 7 index, and for a change with a request id 8 results and 9
--   their order
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 where the key's slot begins, 5 packed change, 6 once, 7 not after,
--   TTL, stale window and milliseconds for which a record outlives its entry in 6 bytes each, kind, `k` keeps the
--   lifetime; 8 guard, 9 stamp or empty, 10 what follows the header
-- answers epoch, chain, head, time; then (A)pplied with the result, (R)epeated with it and the note, (G)uarded, (L)ate,
--   (F)ull with milliseconds
-- ends: applied
local ttl, window, slack, kind, keep = struct.unpack('>I6I6I6c1c1', ARGV[7], 7)
local fresh = now + ttl
local gone = fresh + window
if live and keep == 'k' then
  fresh = struct.unpack('>I6', before, 43)
  gone = struct.unpack('>I6', before, 3)
end
local stamp = ARGV[9]
if stamp == '' then stamp = leaseStamp or position end
local header = struct.pack('>c1c1I6c14c14I6I6', kind, '-', gone, position, stamp, now, fresh)
redis.call('SET', KEYS[5], header .. ARGV[10], 'PXAT', string.format('%d', gone - offset + slack))
redis.call('SETRANGE', KEYS[4], ARGV[4], string.sub(position, 1, 6))
if not live then redis.call('ZADD', KEYS[7], 0, string.sub(KEYS[5], #KEYS[7] + 2)) end
redis.call('DEL', KEYS[6])
local result = struct.pack('>c14c14BI6I6I6I6', position, stamp, live and 3 or 2, now, fresh, gone, now)
