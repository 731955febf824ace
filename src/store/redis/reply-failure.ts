import type { RedisFailure } from './redis-failure.ts';

/** What is known about an error that Redis answers. */
interface Known {
  readonly what: string;
  readonly whatToDo: string;
  /** The server refused before the first write of a script: nothing was changed. */
  readonly beforeAnyWrite: boolean;
}

const known = (what: string, whatToDo: string, beforeAnyWrite = true): Known => ({ what, whatToDo, beforeAnyWrite });

// Redis checks those of the server's state only before the first write of a script (scriptVerifyWriteCommandAllow and
// scriptVerifyOOM of Redis 7). Rights are checked at every command of it: NOPERM may come after a write.
const KNOWN: Readonly<Record<string, Known>> = {
  READONLY: known(
    'the server that was asked is a replica now',
    'Nothing after a failover: the new primary is being looked for. Else give the address of the primary, or of Sentinels.',
  ),
  LOADING: known('the store is loading its data', 'Wait until the server has loaded its data set.'),
  MASTERDOWN: known('a replica has lost its primary', 'Check the primary, or wait for the failover.'),
  CLUSTERDOWN: known(
    'the cluster has no primary for this partition',
    'Check CLUSTER INFO: a primary without a replica is down, or slots are not assigned.',
  ),
  TRYAGAIN: known('a slot of the cluster is being moved', 'Nothing: it is over when the slot has been moved.'),
  MOVED: known(
    'the nodes of the cluster disagree about a slot',
    'Check CLUSTER SLOTS on every node, and CLUSTER INFO.',
  ),
  ASK: known('a slot of the cluster is being moved', 'Nothing: it is over when the slot has been moved.'),
  NOREPLICAS: known(
    'the primary has too few replicas to accept writes',
    'Bring the replicas back, or lower min-replicas-to-write.',
  ),
  OOM: known(
    'the store is full',
    'Raise maxmemory, or set maxmemory-policy to volatile-lru or volatile-ttl so that entries make room.',
  ),
  MISCONF: known(
    "the store can't save its data and refuses writes",
    'Check the disk and the log of the server; see stop-writes-on-bgsave-error.',
  ),
  BUSY: known('the store is busy with a script', 'Check SLOWLOG; a script of another program may need SCRIPT KILL.'),
  NOAUTH: known('the store wants a login', 'Put NAME:PASSWORD@ into the URL.'),
  WRONGPASS: known(
    'the store refuses the login',
    'Check name and password in the URL (percent-encoded), and that the ACL has this account and it is on.',
  ),
  NOPERM: known(
    'the login lacks a right that the service needs',
    'Compare its ACL with the one in the documentation; ACL LOG on the server names what was refused.',
    false,
  ),
  NODATABASE: known(
    'the store has no database of the number in the URL',
    'Take the number from the URL, or raise `databases` in the configuration of the server.',
  ),
  UNKNOWNCOMMAND: known(
    'the server does not know a command that the service needs',
    'Check that the address is that of a Redis or Valkey server 7.0 or later, and of a Sentinel where Sentinels are meant.',
    false,
  ),
  NOPROTO: known('the server is too old', 'Use Redis or Valkey 7.0 or later.'),
};

const UNEXPECTED = known(
  'the store gave an unexpected error',
  'Check that nothing else writes under the same prefix, and the version of the server; report it with this code.',
  false,
);

/** Explains an error that Redis answered, by its first word. */
export function replyFailure(message: string): RedisFailure {
  const code = replyCode(message);
  const { what, whatToDo } = KNOWN[code] ?? UNEXPECTED;
  return { code, what, whatToDo: `${whatToDo}${lineOf(message)}` };
}

/** Tells whether a change that was answered so has certainly not been applied, not even in part. */
export function changedNothing(message: string): boolean {
  const inScript = /\bscript: /.test(message);
  const { beforeAnyWrite } = KNOWN[replyCode(message)] ?? UNEXPECTED;
  return beforeAnyWrite || (!inScript && replyCode(message) === 'NOPERM');
}

/** Returns the first word of an error that Redis answered, or the one it should have begun with. */
export function replyCode(message: string): string {
  if (/^ERR The user executing the script can't /.test(message)) return 'NOPERM';
  if (/^ERR DB index is out of range/.test(message)) return 'NODATABASE';
  if (/^ERR unknown command/i.test(message)) return 'UNKNOWNCOMMAND';
  return /^[A-Z][A-Z_]*/.exec(message)?.[0] ?? 'ERR';
}

// Where a script failed: says nothing of keys and values, and is all that helps to find the cause.
function lineOf(message: string): string {
  const [place] = /@user_script:\s?\d+/.exec(message) ?? [];
  return place === undefined ? '' : ` At ${place}.`;
}
