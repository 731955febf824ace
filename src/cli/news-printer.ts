import type { Clock } from '../base/clock.ts';
import type { Output } from './output.ts';
import { eventJson, eventLine, stateJson, stateLine } from './show-news.ts';
import type { News } from './subscription.ts';

/** How news is printed. */
export interface PrintWishes {
  readonly json?: true;
  /** Print no more events than this. Default: no limit. */
  readonly count?: number;
  /** The token of what was printed earlier. */
  readonly from?: string;
}

/** Prints the news of a subscription and knows up to which token all was printed. */
export class NewsPrinter {
  readonly #output: Output;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #json: boolean;
  readonly #enough: () => void;
  #left: number;
  #token: string;

  /** @param enough is called when as many events were printed as were asked for */
  constructor(output: Output, clock: Pick<Clock, 'nowMs'>, wishes: PrintWishes, enough: () => void) {
    this.#output = output;
    this.#clock = clock;
    this.#json = wishes.json === true;
    this.#left = wishes.count ?? Number.POSITIVE_INFINITY;
    this.#token = wishes.from ?? '';
    this.#enough = enough;
  }

  /** Prints what is to be seen of a piece of news. */
  print(news: News): void {
    const nowMs = this.#clock.nowMs();
    if (news.kind === 'events') {
      this.#printEvents(news, nowMs);
      return;
    }
    if ('token' in news) this.#token = news.token;
    if (news.kind === 'progress') return;
    if (this.#json) this.#output.json(stateJson(news));
    else this.#output.data(stateLine(news, nowMs, this.#output));
  }

  /** Tells how to go on later. */
  tellToken(): void {
    if (this.#token === '') return;
    this.#output.notice(`To go on from here: --from ${this.#token}`);
  }

  #printEvents({ events, token }: Extract<News, { kind: 'events' }>, nowMs: number): void {
    const printed = events.slice(0, this.#left);
    const whole = printed.length === events.length;
    for (const [index, event] of printed.entries()) {
      const covered = whole && index === printed.length - 1 ? token : undefined;
      if (this.#json) this.#output.json(eventJson(event, covered));
      else this.#output.data(eventLine(event, nowMs, this.#output));
    }
    // A token covers all its events: with some of them left out, the one before must serve, and prints some again.
    if (whole) this.#token = token;
    this.#left -= printed.length;
    if (this.#left <= 0) this.#enough();
  }
}
