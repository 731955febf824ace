import type { Client, ClientReadableStream } from '@grpc/grpc-js';
import { type HealthCheckResponse, HealthService } from '../../src/gen/grpc/health/v1/health.ts';
import { until } from './until.ts';

/** What a Watch of health has heard. */
export interface HealthWatch extends Disposable {
  /** Statuses in order, by number. */
  readonly heard: readonly number[];
  /** Waits until so many statuses were heard. */
  reached(count: number): Promise<void>;
  /** True once the server has ended the stream. */
  readonly ended: boolean;
}

/** Watches the health of a service. */
export function watchHealth(client: Client, service: string): HealthWatch {
  const { path, requestSerialize, responseDeserialize } = HealthService.watch;
  const stream: ClientReadableStream<HealthCheckResponse> = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    { service },
  );
  const heard: number[] = [];
  let ended = false;
  stream.on('data', ({ status }: HealthCheckResponse) => heard.push(status));
  stream.on('error', () => undefined);
  stream.on('end', () => {
    ended = true;
  });
  return {
    heard,
    get ended() {
      return ended;
    },
    reached: (count) => until(() => heard.length >= count, { what: `${count} statuses` }),
    [Symbol.dispose]: () => stream.cancel(),
  };
}
