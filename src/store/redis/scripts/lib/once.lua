-- At most once. ARGV[7] begins with the server time after which a try must not be applied. ARGV[6] is empty or names the
-- change: age and count up to which results are remembered, the name's length, the name, the note. Of the keys the last
-- but one is a hash of results, the last orders them by time; they have no expiry, so that they are never evicted.
local late = raw > struct.unpack('>I6', ARGV[7])
local once
local results, byTime = KEYS[#KEYS - 1], KEYS[#KEYS]
if ARGV[6] ~= '' then
  local PRUNED_MAX = 8
  local age, most, size, from = struct.unpack('>I6I6I2', ARGV[6])
  once = {name = string.sub(ARGV[6], from, from + size - 1), note = string.sub(ARGV[6], from + size)}
  local at = redis.call('ZSCORE', byTime, once.name)
  if at and now - at <= age then
    return {epoch, chain, head, now, 'R', redis.call('HGET', results, once.name)}
  end
  local before = string.format('(%d', now - age)
  local old = redis.call('ZRANGEBYSCORE', byTime, '-inf', before, 'LIMIT', 0, PRUNED_MAX)
  if #old > 0 then
    redis.call('HDEL', results, unpack(old))
    redis.call('ZREM', byTime, unpack(old))
  end
  if not late and redis.call('ZCARD', byTime) >= most then
    local oldest = redis.call('ZRANGE', byTime, 0, 0, 'WITHSCORES')
    return {epoch, chain, head, now, 'F', oldest[2] + age + 1 - now}
  end
end
if late then return {epoch, chain, head, now, 'L'} end
