-- Makes permanent what the watermarks say of an entry, if it is still the one at a position. No change, so that there is
-- neither a number nor a lineage check.
-- repeatable
-- uses: asked, seen, before
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 record, 6 lease, 7 index
-- ARGV 1 asked, 2 position, 3 `r` it is removed, `s` stale, 4 milliseconds for which a removal is remembered
-- answers epoch, chain, head, time, 1 if it was the one
if not live or string.sub(before, 9, 22) ~= ARGV[2] then return {epoch, chain, head, now, 0} end
if ARGV[3] == 'r' then
  local removal = struct.pack('>c1c1I6c14c14I6I6', 'i', '-', 0, ARGV[2], ARGV[2], now, 0)
  redis.call('SET', KEYS[5], removal, 'PXAT', string.format('%d', raw + ARGV[4]))
  redis.call('ZREM', KEYS[7], string.sub(KEYS[5], #KEYS[7] + 2))
else
  local fresh = math.min(now, (struct.unpack('>I6', before, 43)))
  redis.call('SETRANGE', KEYS[5], 1, 's')
  redis.call('SETRANGE', KEYS[5], 42, struct.pack('>I6', fresh))
end
return {epoch, chain, head, now, 1}
