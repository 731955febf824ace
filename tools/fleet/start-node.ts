import { fileURLToPath } from 'node:url';
import { waitingClock } from '../../src/base/clock.ts';
import { pause } from '../../src/base/pause.ts';
import { type Member, startMember } from './member.ts';

/** A node that answers calls. */
export interface FleetNode extends Member {
  /** Such as `127.0.0.1:7171`. */
  readonly address: string;
  readonly opsAddress: string;
}

/** What a node is started with. */
export interface NodeOptions {
  readonly name: string;
  readonly redisUrl: string;
  readonly port: number;
  readonly opsPort: number;
  /** More flags of `reprise serve`. */
  readonly flags: readonly string[];
  readonly onLine: (line: string) => void;
  /** Ends the start, and the node with it. */
  readonly signal: AbortSignal;
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const LOOK_INTERVAL_MS = 100;

/** Starts a node; resolves when it answers calls. Rejects if it ends before, or is no longer wanted. */
export async function startNode(options: NodeOptions): Promise<FleetNode> {
  const { name, redisUrl, flags, onLine, signal } = options;
  const [address, opsAddress] = [`127.0.0.1:${options.port}`, `127.0.0.1:${options.opsPort}`];
  const addresses = ['--listen', address, '--ops-listen', opsAddress];
  const args = [MAIN, 'serve', ...addresses, '--redis', redisUrl, ...flags];
  const member = await startMember({ name, command: process.execPath, args, onLine });
  const over = new AbortController();
  void member.ended.then((how) => over.abort(new Error(`node ${name} ${how} before it served`)));
  try {
    await untilReady(opsAddress, AbortSignal.any([over.signal, signal]));
    return { ...member, address, opsAddress };
  } catch (failure) {
    member.kill('SIGKILL');
    await member.ended;
    throw failure;
  }
}

// Deliberate: not by its log, whose level is up to whoever tries the fleet.
async function untilReady(opsAddress: string, signal: AbortSignal): Promise<void> {
  while (!(await isReady(opsAddress))) {
    await pause(LOOK_INTERVAL_MS, { clock: waitingClock, signal });
    signal.throwIfAborted();
  }
}

function isReady(opsAddress: string): Promise<boolean> {
  return fetch(`http://${opsAddress}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
