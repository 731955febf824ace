import assert from 'node:assert/strict';
import { type Client, type ClientReadableStream, Metadata, type StatusObject } from '@grpc/grpc-js';
import {
  type Event,
  InvalidationServiceService,
  SubscribeRequest,
  type SubscribeResponse,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { type Calling, type ErrorFacts, errorFacts } from './call.ts';
import type { TestServer } from './test-server.ts';
import { until, within } from './until.ts';

/** One message of a stream. */
export type StreamMessage = NonNullable<SubscribeResponse['event']>;
type Kind = StreamMessage['$case'];
type ValueOf<K extends Kind> = Extract<StreamMessage, { $case: K }>['value'];

/** A stream that was opened over gRPC. `using` cancels it. */
export interface Subscriber extends Disposable {
  /** All messages that came, oldest first. */
  readonly messages: readonly StreamMessage[];
  /** Events of all messages. */
  readonly events: readonly Event[];
  /** The newest token. */
  readonly token: string;
  /** Waits for the first message that was not waited for yet; fails if it is of another kind. */
  next<K extends Kind>(kind: K): Promise<ValueOf<K>>;
  /** Waits until so many events came, Progress between them aside; returns them all. */
  heard(count: number): Promise<readonly Event[]>;
  /** Takes no further message until `resume`. */
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Resolves with how the stream ended, once all its messages were received. */
  readonly ended: Promise<ErrorFacts>;
  /** What the call was ended with, as a unary call would be rejected with it; `undefined` while it lasts. */
  readonly refusal: StatusObject | undefined;
}

/** Opens a stream of changes. Fields that are left out have their proto defaults. */
export function subscribe(
  client: Client,
  request: Partial<SubscribeRequest> = {},
  { metadata = new Metadata(), signal: _, ...options }: Calling = {},
): Subscriber {
  const { path, requestSerialize, responseDeserialize } = InvalidationServiceService.subscribe;
  const message = { ...SubscribeRequest.decode(Buffer.alloc(0)), ...request };
  return follow(
    client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, metadata, options),
  );
}

/** Opens a stream and waits until it has begun. */
export async function subscribed(
  { client }: Pick<TestServer, 'client'>,
  request: Partial<SubscribeRequest> = {},
  calling: Calling = {},
): Promise<Subscriber> {
  const subscriber = subscribe(client, request, calling);
  await subscriber.next('ready');
  return subscriber;
}

/** Opens a stream that the server refuses; returns how. Fails if it begins. */
export async function refusedStream(
  { client }: Pick<TestServer, 'client'>,
  request: Partial<SubscribeRequest> = {},
  calling: Calling = {},
): Promise<ErrorFacts> {
  using subscriber = subscribe(client, request, calling);
  const facts = await within(subscriber.ended, { what: 'the refusal' });
  assert.deepEqual(subscriber.messages, []);
  return facts;
}

/** Returns a server whose callers all say these things of themselves, such as `reprise-origin`. */
export function calling(server: Pick<TestServer, 'call'>, said: Record<string, string>): Pick<TestServer, 'call'> {
  return {
    call: (method, request, more = {}) => server.call(method, request, { ...more, metadata: metadataOf(said) }),
  };
}

/** Returns metadata. */
export function metadataOf(said: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(said)) metadata.set(name, value);
  return metadata;
}

function follow(stream: ClientReadableStream<SubscribeResponse>): Subscriber {
  const messages: StreamMessage[] = [];
  let taken = 0;
  let over = false;
  const ended = Promise.withResolvers<ErrorFacts>();
  let status: StatusObject | undefined;
  const finish = (): void => {
    // The end of the messages and the status come in either order.
    over = status !== undefined && stream.readableEnded;
    if (over) ended.resolve(errorFacts(status));
  };
  stream.on('data', ({ event }: SubscribeResponse) => messages.push(event!));
  stream.on('error', () => undefined);
  stream.on('end', finish);
  stream.on('status', (received: StatusObject) => {
    status = received;
    finish();
  });
  const eventsOf = (): Event[] => messages.flatMap((each) => (each.$case === 'events' ? each.value.events : []));
  return {
    messages,
    get events() {
      return eventsOf();
    },
    get token() {
      return messages.at(-1)!.value.token;
    },
    next: async <K extends Kind>(kind: K) => {
      const at = taken++;
      await until(() => messages.length > at || over, { what: `a message of kind ${kind}` });
      const message = messages[at];
      assert.equal(message?.$case, kind);
      return message!.value as ValueOf<K>;
    },
    heard: async (count) => {
      await until(() => over || eventsOf().length >= count, { what: `${count} events` });
      taken = messages.length;
      return eventsOf();
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    cancel: () => stream.cancel(),
    ended: ended.promise,
    get refusal() {
      return status;
    },
    [Symbol.dispose]: () => stream.cancel(),
  };
}
