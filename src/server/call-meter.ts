import type { ServiceDefinition } from '../api/grpc-server.ts';
import type { CallObserver } from '../api/unary.ts';
import type { OperatingError } from '../base/operating-error.ts';
import type { Log } from '../telemetry/log.ts';
import { RequestLatencies } from '../telemetry/request-latencies.ts';

/** Counts and times all calls, and logs those that met a bug. */
export class CallMeter {
  readonly latencies: RequestLatencies;
  readonly #log: Log;
  #inFlight = 0;

  /** @param services the services whose methods are measured */
  constructor(services: readonly ServiceDefinition[], log: Log) {
    const methods = services.flatMap((service) => Object.values(service));
    this.latencies = new RequestLatencies(methods.map(({ path }) => path.slice(1)));
    this.#log = log;
  }

  /** Calls that are being answered now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Returns who watches one method. */
  observerOf(rpc: string): CallObserver {
    const latencies = this.latencies.of(rpc);
    return {
      started: () => {
        this.#inFlight++;
      },
      ended: (code, elapsedMs) => {
        this.#inFlight--;
        latencies.observe(code, elapsedMs);
      },
      refused: (error) => this.#logRefusal(rpc, error),
      failed: (requestId, error) => this.#log.write('callFailed', { rpc, requestId, error }),
    };
  }

  #logRefusal(rpc: string, error: OperatingError): void {
    const { reason } = error;
    this.#log.write('callRefused', { rpc, reason });
    if (reason === 'STATE_UNAVAILABLE') this.#log.write('stateWriteFailed', { error });
  }
}
