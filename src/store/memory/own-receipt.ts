import type { Clock } from '../../base/clock.ts';
import { pause } from '../../base/pause.ts';
import { firstBehind } from '../../cache/rules/moment.ts';
import type { NodeReceipt, ReceiptWish, ToldUpTo } from '../receipt.ts';
import { PARTITION } from './change-facts.ts';

/** The one node of a store in memory. */
export interface OwnNode {
  readonly name: string;
  readonly clock: Clock;
  readonly toldUpTo: ToldUpTo;
}

/** Milliseconds between two looks at what subscribers were told: at first, and after some in vain. */
const PAUSE_MS_MIN = 1;
const PAUSE_MS_MAX = 50;

/** Waits, if that is wished, until this node's subscribers were told. It has applied every change that was answered. */
export async function ownReceipt(node: OwnNode, wish: ReceiptWish): Promise<readonly NodeReceipt[]> {
  const { clock, name } = node;
  const endMs = clock.monotonicMs() + wish.withinMs;
  const { signal } = wish;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
    const leftMs = endMs - clock.monotonicMs();
    const streamed = wish.goal === 'streamed' && wasTold(node, wish);
    if (streamed || wish.goal === 'applied' || leftMs <= 0 || signal.aborted) {
      return [{ name, state: streamed ? 'streamed' : 'applied', silentMs: 0 }];
    }
    await pause(Math.min(pauseMs, leftMs), { clock, signal });
  }
}

function wasTold({ toldUpTo }: OwnNode, { moment }: ReceiptWish): boolean {
  const told = toldUpTo(PARTITION);
  return told === undefined || firstBehind([{ partition: PARTITION, position: told }], moment) === undefined;
}
