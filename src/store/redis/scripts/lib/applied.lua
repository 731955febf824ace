-- Ends a change: remembers its result, rings, and answers. `result` is position, stamp, flags (1 there was an entry, 2
-- there is a lifetime), created, fresh-until and gone times, and the time it was applied.
if once then
  redis.call('HSET', results, once.name, result .. once.note)
  redis.call('ZADD', byTime, now, once.name)
end
redis.call('SPUBLISH', KEYS[3], change)
return {epoch, chain, number, now, 'A', result}
