import type { SimNode } from '../node/node.ts';
import type { Answer } from '../node/set.ts';
import type { Try } from '../store/change-scripts.ts';
import { timing } from '../timing.ts';
import type { World } from '../world.ts';

/**
 * Makes a change as a caller does who wants it made once: with a request id, on any node, again while nobody answers, and
 * in the end with an unknown outcome. `answered` is called once at most, with the node that answered.
 */
export function repeat(
  world: World,
  send: (node: SimNode, once: Try, answered: (answer: Answer) => void) => void,
  answered: (answer: Answer, node: SimNode) => void,
): void {
  const requestId = world.name('q');
  const firstMs = world.nowMs;
  let over = false;
  const attempt = (): void => {
    if (over) return;
    if (world.nowMs - firstMs > timing.retryWindowMs) {
      world.situations.met('an outcome unknown');
      over = true;
      return;
    }
    const node = world.random.pick(world.nodes);
    const { generation } = node;
    if (node.reachable(world.nowMs)) {
      const notAfterMs = world.nowMs + timing.tryMs;
      send(node, { requestId, notAfterMs }, (answer) => {
        if (over || node.generation !== generation) return;
        over = true;
        answered(answer, node);
      });
    }
    world.schedule.after(timing.retryAfterMs, attempt);
  };
  attempt();
}
