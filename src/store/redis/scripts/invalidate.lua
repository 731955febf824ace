-- Raises a watermark. The watermarks of a namespace are a hash of rows by selector, each removed, stale and the time of
-- its newest change in 6 bytes; an order by newest number of all but the namespace's own row, `n`; and the newest number
-- of all, in 6 bytes, with the first epoch of the history, in 8: those of another history don't count.
-- uses: asked, lineage, primary, once, before, append
-- KEYS 1 meta, 2 log, 3 bell, 4 changed, 5 record of the key that the selector names, else that of the empty key, 6 rows,
--   7 order, 8 newest, and for a change with a request id 9 results and 10 their order
-- ARGV 1 asked, 2 next epoch, 3 length of the log, 4 selector, 5 packed change, 6 once, 7 not after in 6 bytes, `r`
--   removes or `s` marks stale; 8 most rows
-- answers epoch, chain, head, time; then (A)pplied with the result, (R)epeated with it and the note, (L)ate, (F)ull with
--   milliseconds
-- ends: applied
local FOLDED_MAX = 1000
local life = string.sub(meta, 15, 22)
local newest = redis.call('GET', KEYS[8])
if not newest or string.sub(newest, 7) ~= life then redis.call('UNLINK', KEYS[6], KEYS[7]) end
redis.call('SET', KEYS[8], struct.pack('>I6', number) .. life)
local row = redis.call('HGET', KEYS[6], ARGV[4])
local removed, stale = 0, 0
if row then removed, stale = struct.unpack('>I6I6', row) end
if string.sub(ARGV[7], 7) == 'r' then removed = number else stale = number end
redis.call('HSET', KEYS[6], ARGV[4], struct.pack('>I6I6I6', removed, stale, now))
if ARGV[4] ~= 'n' then
  redis.call('ZADD', KEYS[7], string.format('%d', number), ARGV[4])
  if redis.call('ZCARD', KEYS[7]) > tonumber(ARGV[8]) then
    -- The oldest rows fold into the namespace's own: too much is invalidated, never too little.
    local oldest = redis.call('ZRANGE', KEYS[7], 0, math.min(FOLDED_MAX, math.ceil(ARGV[8] / 2)) - 1)
    local rows = redis.call('HMGET', KEYS[6], 'n', unpack(oldest))
    local ownRemoved, ownStale, ownChanged = 0, 0, 0
    if rows[1] then ownChanged = struct.unpack('>I6', rows[1], 13) end
    for i = 1, #oldest + 1 do
      if rows[i] then
        local rowRemoved, rowStale = struct.unpack('>I6I6', rows[i])
        ownRemoved, ownStale = math.max(ownRemoved, rowRemoved), math.max(ownStale, rowStale)
      end
    end
    redis.call('HSET', KEYS[6], 'n', struct.pack('>I6I6I6', ownRemoved, ownStale, ownChanged))
    redis.call('HDEL', KEYS[6], unpack(oldest))
    redis.call('ZREM', KEYS[7], unpack(oldest))
  end
end
local result = struct.pack('>c14c14BI6I6I6I6', position, position, 0, 0, 0, 0, now)
