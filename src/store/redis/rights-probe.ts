import type { Connection } from './connection/connection.ts';
import { replyCode, replyFailure } from './reply-failure.ts';
import { type Finding, notUsable, refusal, warning } from './startup-finding.ts';

/** Every command that our scripts run, with arguments that harm nobody. K1 to K4 and CH stand for names of the probe. */
export const PROBED_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  INFO: ['replication'],
  TIME: [],
  HSET: ['K1', 'f', '1'],
  HINCRBY: ['K1', 'f', '1'],
  HGET: ['K1', 'f'],
  HSETNX: ['K1', 'g', '1'],
  HEXISTS: ['K1', 'f'],
  HMGET: ['K1', 'f'],
  HGETALL: ['K1'],
  HSCAN: ['K1', '0'],
  HDEL: ['K1', 'f'],
  INCR: ['K2'],
  SET: ['K2', 'v', 'PX', '1000'],
  GET: ['K2'],
  MGET: ['K2'],
  SETRANGE: ['K2', '0', 'w'],
  GETRANGE: ['K2', '0', '0'],
  PEXPIREAT: ['K2', '1'],
  ZADD: ['K3', '1', 'm'],
  ZCARD: ['K3'],
  ZSCORE: ['K3', 'm'],
  ZRANGE: ['K3', '0', '0'],
  ZRANGEBYLEX: ['K3', '-', '+'],
  ZRANGEBYSCORE: ['K3', '-inf', '+inf'],
  ZREM: ['K3', 'm'],
  XADD: ['K4', '*', 'd', ''],
  XRANGE: ['K4', '-', '+'],
  SPUBLISH: ['CH', ''],
  UNLINK: ['K1', 'K2', 'K3', 'K4'],
  DEL: ['K1', 'K2', 'K3', 'K4'],
};

// Returns the names of the commands that the login may not run.
const PROBE = `
local names = { K1 = KEYS[1], K2 = KEYS[2], K3 = KEYS[3], K4 = KEYS[4], CH = KEYS[5] }
local refused = {}
for _, line in ipairs(ARGV) do
  local call = cjson.decode(line)
  for i, word in ipairs(call) do call[i] = names[word] or word end
  local answer = redis.pcall(unpack(call))
  local err = type(answer) == 'table' and answer.err
  if err and (string.find(err, 'NOPERM', 1, true) or string.find(err, 'user executing the script', 1, true)) then
    refused[#refused + 1] = call[1]
  end
end
return refused`;

/** Tries all that the service does on the connection, under names that begin so, and returns what was refused. */
export async function probeRights(connection: Connection, own: string): Promise<Finding[]> {
  const channel = `${own}probe:bell`;
  const outside = [
    await refusedOf(connection, 'evalsha', ['0'.repeat(40), 0]),
    await refusedOf(connection, 'ssubscribe', [channel]),
  ].filter((name) => name !== undefined);
  await connection.send('sunsubscribe', [channel]);
  const keys = ['1', '2', '3', '4'].map((number) => `${own}probe:${number}`);
  const calls = Object.entries(PROBED_COMMANDS).map(([name, args]) => JSON.stringify([name, ...args]));
  const reply = await connection.send('eval', [PROBE, keys.length + 1, ...keys, channel, ...calls]);
  if (reply.kind === 'answer') return missing([...outside, ...(reply.value as Buffer[]).map(String)]);
  if (reply.kind !== 'error') return [notUsable(reply.failure)];
  const { code, what, whatToDo } = replyFailure(reply.message);
  if (code === 'NOPERM') return missing([...outside, 'eval, or the keys of the prefix']);
  // A replica, a cluster that is down, a full store: all of which other rules tell better, or time mends.
  return [...missing(outside), warning('rights', `rights can't be tried: ${what}`, whatToDo)];
}

function missing(names: readonly string[]): Finding[] {
  if (names.length === 0) return [];
  const what = `the login may not run ${names.join(', ').toLowerCase()} under the prefix of the service`;
  return [refusal('rights', what, 'Give its ACL the rights that the documentation lists; order matters there.')];
}

async function refusedOf(
  connection: Connection,
  name: string,
  args: readonly (string | number)[],
): Promise<string | undefined> {
  const reply = await connection.send(name, args);
  return reply.kind === 'error' && replyCode(reply.message) === 'NOPERM' ? name : undefined;
}
