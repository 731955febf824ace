-- Begins every script. ARGV[1] is the offset that tests add to the time, in 6 bytes, and the epoch that the asker knows,
-- in 8; behind them a test may put the time that stands in place of the server's, in 6. `raw` is the server's own time in
-- milliseconds, `now` the store's.
local offset, known = struct.unpack('>I6c8', ARGV[1])
local time = redis.call('TIME')
local raw = time[1] * 1000 + math.floor(time[2] / 1000)
if #ARGV[1] > 14 then raw = struct.unpack('>I6', ARGV[1], 15) end
local now = raw + offset
