-- The lineage check, which comes first in every script that changes something. KEYS[1] is one string: the head's number
-- in 6 bytes, the epoch in force in 8, the first epoch of this history in 8, the replication id under which the epoch
-- began as INFO tells it, 54, and the chain: positions of ancestors, newest first, each the number up to which it is
-- shared, in 6 bytes, and its epoch in 8. ARGV[2] is the epoch to begin if need be, ARGV[3] the length of the log.
local ANCESTORS_BYTES = 16 * 14
local info = redis.call('INFO', 'replication')
local primary = string.find(info, 'role:master', 1, true)
local meta = redis.call('GET', KEYS[1]) or ''
if primary and not (meta ~= '' and string.find(info, string.sub(meta, 23, 76), 1, true)) then
  local life, ancestors, number = ARGV[2], '', 1
  if meta == '' then
    -- What is still here is of no history that anybody remembers: it would be numbered again.
    redis.call('DEL', KEYS[2], KEYS[4])
  else
    number = struct.unpack('>I6', meta) + 1
    life = string.sub(meta, 15, 22)
    ancestors = string.sub(string.sub(meta, 1, 14) .. string.sub(meta, 77), 1, ANCESTORS_BYTES)
  end
  local position = struct.pack('>I6', number) .. ARGV[2]
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], string.format('%d-0', number), 'd', position .. '\5')
  meta = position .. life .. string.match(info, 'master_replid:%x+') .. ancestors
  redis.call('SET', KEYS[1], meta)
  redis.call('SPUBLISH', KEYS[3], position .. '\5')
end
local head = meta == '' and 0 or struct.unpack('>I6', meta)
local epoch = string.sub(meta, 7, 14)
local chain = epoch ~= known and string.sub(meta, 77)
