-- The partition as a reader finds it; nobody has begun a history where the epoch is empty. `chain` is false if the asker
-- knows it.
local meta = redis.call('GET', KEYS[1]) or ''
local head = meta == '' and 0 or struct.unpack('>I6', meta)
local epoch = string.sub(meta, 7, 14)
local chain = epoch ~= known and string.sub(meta, 77)
