import { type Event, EventCause, type SubscribeResponse } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { NearCache, type NearCacheOptions } from '../../src/near/near-cache.ts';
import type { HeadAnswer } from '../../src/near/proof.ts';
import type { StreamListener } from '../../src/transport/channel.ts';
import { fixedRandom } from './fixed-random.ts';
import { ManualClock } from './manual-clock.ts';

/** A near cache whose stream and heads a test tells word by word. */
export interface NearWorld {
  readonly near: NearCache;
  readonly clock: ManualClock;
  /** Tells the near cache's present stream. */
  tell(event: SubscribeResponse['event']): void;
  ready(token?: string): void;
  events(...events: Partial<Event>[]): void;
  /** Breaks the present stream. */
  breakStream(): void;
  /** Answers the newest question for a head. */
  answerHead(answer: Partial<HeadAnswer>): Promise<void>;
  /** Asks and answers until the near cache is proven up to about now. */
  prove(): Promise<void>;
  /** How many streams were opened, and the token of the newest. */
  readonly opened: readonly string[];
  /** The questions for heads so far: the stream's token and the awaited head. */
  readonly asked: readonly (readonly [string, string])[];
}

/** Starts a near cache in such a world. */
export function nearWorld(options: NearCacheOptions = {}): NearWorld {
  const clock = new ManualClock();
  const opened: string[] = [];
  const asked: [string, string][] = [];
  let listener: StreamListener<SubscribeResponse> | undefined;
  let answer: ((head: HeadAnswer) => void) | undefined;
  let heads = 0;
  const near = new NearCache(options, {
    open: (token, opening) => {
      opened.push(token);
      listener = opening;
      return Promise.resolve(() => undefined);
    },
    getHead: (token, earlier) => {
      asked.push([token, earlier]);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    clock,
    random: fixedRandom(0.5),
    readyWithinMs: 2000,
    maxLagMs: 1000,
  });
  near.start();
  const tell = (event: SubscribeResponse['event']): void => listener!.message({ event });
  const answerHead = async (told: Partial<HeadAnswer>): Promise<void> => {
    answer!({ head: `head-${heads++}`, ageMs: 0, covered: true, ...told });
    await settled();
  };
  return {
    near,
    clock,
    opened,
    asked,
    tell,
    ready: (token = 'T0') => tell({ $case: 'ready', value: { token, progressInterval: { seconds: 1n, nanos: 0 } } }),
    events: (...events) =>
      tell({ $case: 'events', value: { events: events.map(eventOf), token: `T${clock.monotonicMs()}` } }),
    breakStream: () => listener!.ended(),
    answerHead,
    async prove() {
      await answerHead({ covered: false });
      clock.advance(250);
      await answerHead({ covered: true });
    },
  };
}

/** Lets promises that are settled call back. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function eventOf(event: Partial<Event>): Event {
  return { target: undefined, cause: EventCause.SET, mode: 0, revision: '', actor: '', traceparent: '', ...event };
}
