import type { Client, ClientReadableStream } from '@grpc/grpc-js';
import { durationOf } from '../../../src/api/durations.ts';
import {
  EventCause,
  InvalidationServiceService,
  type SubscribeRequest,
  type SubscribeResponse,
} from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { type UntilBound, until } from '../../support/until.ts';
import type { Filter, Resume } from '../history/history.ts';
import type { SessionRecorder } from '../history/session-recorder.ts';
import { originMetadata } from './send-mutation.ts';
import type { TestedServer } from './tested-server.ts';

/** What a stream is asked for. */
export interface SubscriptionWish {
  readonly subscriber: string;
  readonly namespace: string;
  readonly filter: Filter;
  readonly progressIntervalMs: number;
  /** Empty for none. */
  readonly resumeToken: string;
}

const { path, requestSerialize, responseDeserialize } = InvalidationServiceService.subscribe;

/** One stream over real gRPC, written down as it goes. */
export class Subscription {
  readonly recorded: SessionRecorder;
  readonly #tested: TestedServer;
  readonly #namespaceId: string;
  readonly #stream: ClientReadableStream<SubscribeResponse>;

  constructor(tested: TestedServer, client: Client, wish: SubscriptionWish) {
    const { subscriber, namespace, filter, progressIntervalMs, resumeToken } = wish;
    const resume = resumeOf(tested, resumeToken);
    this.#tested = tested;
    this.#namespaceId = tested.namespaceId(namespace);
    const start = { subscriber, namespaceId: this.#namespaceId, filter, resume, progressIntervalMs };
    this.recorded = tested.recorder.openSession(start);
    const metadata = originMetadata(filter.origin);
    this.#stream = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      requestOf(wish),
      metadata,
    );
    this.#stream.on('data', (response: SubscribeResponse) => this.recorded.receive(response));
    // The status tells it too, also where there is no error.
    this.#stream.on('error', () => undefined);
    this.#stream.on('status', ({ code, details }) => this.recorded.end(code, details));
  }

  /** Stops reading. */
  stall(): void {
    this.recorded.stall();
    this.#stream.pause();
  }

  /** Reads on. */
  readOn(): void {
    this.recorded.readOn();
    this.#stream.resume();
  }

  /** Leaves. */
  async cancel(): Promise<void> {
    this.recorded.fault('cancel');
    this.#stream.cancel();
    this.#stream.resume();
    await this.ended();
  }

  /** Waits for the end of the stream. */
  ended(): Promise<void> {
    return until(() => !this.recorded.isOpen, { what: 'the end of the stream' });
  }

  /** Waits until the stream is ready, or has ended. */
  ready(): Promise<void> {
    return until(() => !this.recorded.isOpen || this.recorded.isReady, { what: 'Ready' });
  }

  /** Waits until a token says that all changes of now are told, or until the stream has ended. */
  caughtUp(bound: UntilBound = {}): Promise<void> {
    const due = this.#tested.recorder.order.newestOf(this.#namespaceId);
    const isDone = (): boolean => (this.recorded.newest?.mark.at ?? -1) >= due || !this.recorded.isOpen;
    return until(isDone, { what: `a token of change ${due} or later`, ...bound });
  }
}

function requestOf(wish: SubscriptionWish): SubscribeRequest {
  const { namespace, filter, progressIntervalMs, resumeToken } = wish;
  return {
    namespace,
    prefixes: [...filter.prefixes],
    tags: [...filter.tags],
    keys: [...filter.keys],
    causes: filter.causes.map((cause) => EventCause[cause]),
    resumeToken,
    progressInterval: durationOf(progressIntervalMs),
    includeOwn: filter.includeOwn,
    epochs: false,
  };
}

function resumeOf(tested: TestedServer, token: string): Resume {
  if (token === '') return { kind: 'none' };
  const mark = tested.recorder.order.markOf(token);
  return mark === undefined ? { kind: 'unusable' } : { kind: 'after', mark };
}
