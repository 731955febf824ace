import assert from 'node:assert/strict';
import { LatencyHistogram } from './latency-histogram.ts';

/** Names of the gRPC status codes by number. */
export const statusCodeNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

const UNKNOWN_CODE = 2;

/** Counts the calls of one RPC. */
export interface RpcLatencies {
  /** Counts one call that ended with a gRPC status code; a number that is none counts as UNKNOWN. */
  observe(code: number, elapsedMs: number): void;
}

/** The latencies of one RPC and status code. */
export interface LatencySeries {
  readonly rpc: string;
  readonly code: string;
  readonly histogram: LatencyHistogram;
}

/**
 * Latencies of all calls by RPC and status code. The RPCs are fixed when it is made, so that no caller can make the
 * table grow; histograms appear with the first call that needs them.
 */
export class RequestLatencies {
  readonly #histograms: ReadonlyMap<string, (LatencyHistogram | undefined)[]>;

  /** @param rpcs full names such as `reprise.v1.CacheService/Get` */
  constructor(rpcs: readonly string[]) {
    this.#histograms = new Map(rpcs.map((rpc) => [rpc, statusCodeNames.map(() => undefined)]));
  }

  /** Returns where the calls of one RPC are counted. Look it up once, not for each call. */
  of(rpc: string): RpcLatencies {
    const byCode = this.#histograms.get(rpc);
    assert(byCode !== undefined, `${rpc} is not among the RPCs that are measured`);
    return {
      observe(code, elapsedMs) {
        const known = code in byCode ? code : UNKNOWN_CODE;
        byCode[known] ??= new LatencyHistogram();
        byCode[known].observe(elapsedMs);
      },
    };
  }

  /** All series that have counted anything. */
  series(): LatencySeries[] {
    return [...this.#histograms].flatMap(([rpc, byCode]) =>
      byCode.flatMap((histogram, code) =>
        histogram === undefined ? [] : [{ rpc, code: statusCodeNames[code]!, histogram }],
      ),
    );
  }
}
