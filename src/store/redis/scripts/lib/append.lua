-- Gives the change the next number and appends it to the log, first of all: Redis refuses it whole if there is no room.
-- ARGV[5] is the change as the node packed it; behind it stands the metadata that the entry had.
local number = head + 1
local position = struct.pack('>I6', number) .. epoch
local change = position .. ARGV[5] .. metadata
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], string.format('%d-0', number), 'd', change)
redis.call('SETRANGE', KEYS[1], 0, position)
