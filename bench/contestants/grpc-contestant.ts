import { Client, credentials } from '@grpc/grpc-js';
import { grpcFrame, runH2Load } from '../support/h2load.ts';
import { callRaw, channelOptions } from '../support/rpc.ts';
import { type Contestant, cores } from './contestant.ts';
import type { Scratch } from './workload.ts';

/** A unary gRPC method under load. */
export interface GrpcContestantOptions {
  readonly id: string;
  readonly title: string;
  readonly pid: number;
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly request: Buffer;
  readonly keysPerCall: number;
  readonly shape: { readonly connections: number; readonly depth: number };
  /** True if these are the bytes of a right answer. */
  readonly isRight: (answer: Buffer) => boolean;
  readonly scratch: Scratch;
}

/** Share by which the size of an answer may differ from the one verified: remaining lifetimes are written as varints. */
const sizeTolerance = 0.03;

/** Makes a contestant of a gRPC method, driven by h2load. */
export function grpcContestant(options: GrpcContestantOptions): Contestant {
  const { id, title, pid, keysPerCall } = options;
  const bodyPath = options.scratch.write(`${id}.body`, grpcFrame(options.request));
  const url = `http://${options.address}${options.path}`;
  let expectedBytes = Number.NaN;
  return {
    ...{ id, title, pid, keysPerCall, protocol: 'gRPC, h2load' },
    async verify() {
      const answer = await callOnce(options);
      if (!options.isRight(answer)) throw new Error(`${id}: wrong answer of ${answer.length} bytes`);
      expectedBytes = grpcFrame(answer).length;
    },
    async drive(seconds) {
      const { connections, depth } = options.shape;
      const result = await runH2Load({ url, bodyPath, connections, streams: depth, seconds, core: cores.load });
      const difference = Math.abs(result.answerBytes / expectedBytes - 1);
      if (result.failures > 0 || !(difference <= sizeTolerance)) {
        throw new Error(
          `${id}: ${result.failures} failures, ${result.answerBytes} bytes an answer, not ${expectedBytes}`,
        );
      }
      return result;
    },
  };
}

/** Makes the call once and returns the answer's bytes. */
export async function callOnce(call: Pick<GrpcContestantOptions, 'address' | 'path' | 'request'>): Promise<Buffer> {
  const client = new Client(call.address, credentials.createInsecure(), channelOptions);
  try {
    return await callRaw(client, call.path, call.request);
  } finally {
    client.close();
  }
}
