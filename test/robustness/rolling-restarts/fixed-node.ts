import { type Client, credentials, Client as GrpcClient } from '@grpc/grpc-js';
import { systemClock } from '../../../src/base/clock.ts';
import { claimPorts } from '../../support/redis/ports.ts';
import { type ServerProcess, startServerProcess } from '../../support/server-process.ts';
import { roomyChannel } from '../../support/test-server.ts';
import { within } from '../../support/until.ts';

/** How long a restart took, in milliseconds. */
export interface Restarted {
  /** From SIGTERM to the end of the process. */
  readonly drainMs: number;
  /** From there until the next one served. */
  readonly startMs: number;
}

/** A node of a fleet in a process of its own, which is found at the same address after a restart. */
export interface FixedNode extends AsyncDisposable {
  /** Several connections, for many streams. */
  readonly clients: readonly Client[];
  /** The process that runs now. */
  readonly process: ServerProcess;
  /** Ends the process as a deployment does, and starts another. Fails if it did not end by itself with code 0. */
  restart(): Promise<Restarted>;
}

const CONNECTIONS = 4;
// A start takes a second of CPU, and others may want it, too.
const START_WITHIN_MS = 60_000;
const DRAINED_WITHIN_MS = 60_000;

// A client of nodes that restart must not wait for two minutes before it tries one again.
const CHANNEL = {
  ...roomyChannel,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 500,
};

/** Starts a node; `await using` ends it. */
export async function startFixedNode(flags: readonly string[]): Promise<FixedNode> {
  const claim = await claimPorts();
  const address = `127.0.0.1:${claim.port}`;
  const options = { flags: [...flags, '--listen', address], startWithinMs: START_WITHIN_MS };
  const start = (): Promise<ServerProcess> => startServerProcess(options);
  let process = await start();
  const clients = Array.from({ length: CONNECTIONS }, () => {
    return new GrpcClient(address, credentials.createInsecure(), CHANNEL);
  });
  return {
    clients,
    get process() {
      return process;
    },
    restart: async () => {
      const beganMs = systemClock.monotonicMs();
      process.kill('SIGTERM');
      const { code, stderr } = await within(process.ended, { withinMs: DRAINED_WITHIN_MS, what: 'the end of a node' });
      if (code !== 0) throw new Error(`a node ended with ${code}: ${stderr.slice(-2000)}`);
      await process[Symbol.asyncDispose]();
      const endedMs = systemClock.monotonicMs();
      process = await start();
      return { drainMs: endedMs - beganMs, startMs: systemClock.monotonicMs() - endedMs };
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close();
      await process[Symbol.asyncDispose]();
      claim.release();
    },
  };
}
