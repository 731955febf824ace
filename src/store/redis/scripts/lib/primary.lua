-- Nothing is changed on a server that is no primary.
if not primary then return redis.error_reply('STORE_UNAVAILABLE the server is no primary') end
