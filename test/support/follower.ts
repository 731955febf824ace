import { type Client, type StatusObject, status } from '@grpc/grpc-js';
import { systemClock } from '../../src/base/clock.ts';
import {
  InvalidationServiceService,
  SubscribeRequest,
  type SubscribeResponse,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { msOf } from './cache-calls.ts';
import { retriedFor } from './retried-for.ts';

/** Where followers find the stream. */
export interface FollowerPlace {
  readonly namespace: string;
  /** Where a follower's stream goes, by the number of streams that it has opened; `undefined` when the test is over. */
  clientFor(follower: number, opened: number): Client | undefined;
  /** Followers come back after this share of the time that they were told. */
  readonly haste: number;
}

/** How a follower came back after a node that went away; times on the monotonic clock, in milliseconds. */
export interface ComingBack {
  /** What the node told it to wait. */
  readonly toldMs: number;
  readonly endedMs: number;
  /** When it first tried to. */
  readonly triedMs: number;
  /** When its stream had begun again; 0 until then. */
  readyMs: number;
}

/** Milliseconds before a stream that broke is opened again, at most. */
const RETRY_MS_MAX = 250;

type Message = NonNullable<SubscribeResponse['event']>;

/** One stream's caller: follows wherever it is sent, and expects the keys `k0`, `k1`, … each once, in order. */
export class Follower {
  readonly #place: FollowerPlace;
  readonly #index: number;
  #token = '';
  #opened = 0;
  #following = false;
  #begins = false;
  /** The number of the key that comes next. */
  next = 0;
  /** Times that its stream began. */
  resumed = 0;
  readonly comings: ComingBack[] = [];
  resets = 0;
  /** Streams that ended otherwise than by GoingAway, such as one that nobody answered. */
  broken = 0;
  /** Streams that ended without any status, as grpc-js 1.14.7 says of some whose connection ends with them. */
  cut = 0;
  /** What may not be, in words: keys out of order, and statuses that forbid another try. */
  readonly complaints: string[] = [];

  /** `index` is its number among the followers. */
  constructor(place: FollowerPlace, index: number) {
    this.#place = place;
    this.#index = index;
  }

  /** Its stream has begun and has not ended. */
  get following(): boolean {
    return this.#following;
  }

  /** Opens the stream, where the last one ended. */
  open(): void {
    const client = this.#place.clientFor(this.#index, this.#opened++);
    if (client === undefined) return;
    const { path, requestSerialize, responseDeserialize } = InvalidationServiceService.subscribe;
    const { namespace } = this.#place;
    const request = { ...SubscribeRequest.decode(Buffer.alloc(0)), namespace, resumeToken: this.#token };
    const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
    let toldMs: number | undefined;
    stream.on('data', ({ event }: SubscribeResponse) => {
      if (event?.$case === 'goingAway') toldMs = msOf(event.value.retryAfter);
      this.#take(event!);
    });
    stream.on('error', () => undefined);
    // The end of the messages and the status come in either order.
    let end: StatusObject | undefined;
    const finish = (): void => {
      if (end !== undefined && stream.readableEnded) this.#comeBack(end, toldMs);
    };
    stream.on('end', finish);
    stream.on('status', (given: StatusObject) => {
      end = given;
      finish();
    });
  }

  #take(event: Message): void {
    this.#token = event.value.token;
    switch (event.$case) {
      case 'ready':
        this.#begin();
        return;
      case 'reset':
        this.resets++;
        this.#begins = true;
        return;
      case 'events':
        for (const { target } of event.value.events) this.#expect(target);
        return;
      default:
        return;
    }
  }

  #begin(): void {
    this.resumed++;
    this.#following = true;
    const coming = this.comings.at(-1);
    if (coming?.readyMs === 0) coming.readyMs = systemClock.monotonicMs();
  }

  #expect(target: { readonly $case: string; readonly value: unknown } | undefined): void {
    const number = target?.$case === 'key' ? Number(String(target.value).slice(1)) : Number.NaN;
    // After a Reset there is nothing to compare with.
    if (this.#begins) this.next = number;
    this.#begins = false;
    if (number !== this.next) this.complaints.push(`k${number} where k${this.next} was expected`);
    this.next = number + 1;
  }

  #comeBack(end: StatusObject, toldMs: number | undefined): void {
    this.#following = false;
    if (this.#place.clientFor(this.#index, this.#opened) === undefined) return;
    const why = end.code === status.OK ? 'unavailable' : retriedFor(end);
    if (why === undefined) this.complaints.push(`a stream ended with code ${end.code}: ${end.details}`);
    if (why === 'cut') this.cut++;
    if (toldMs === undefined) {
      this.broken++;
      systemClock.startTimer(RETRY_MS_MAX * (0.5 + (0.5 * (this.#index % 10)) / 10), () => this.open());
      return;
    }
    const endedMs = systemClock.monotonicMs();
    systemClock.startTimer(toldMs * this.#place.haste, () => {
      this.comings.push({ toldMs, endedMs, triedMs: systemClock.monotonicMs(), readyMs: 0 });
      this.open();
    });
  }
}
