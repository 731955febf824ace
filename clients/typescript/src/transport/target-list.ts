import { lookup } from 'node:dns/promises';
import { experimental, Metadata, status } from '@grpc/grpc-js';
import { systemRandom } from '../base/random.ts';
import { parseTarget, type Target } from './target.ts';

type ResolverListener = experimental.ResolverListener;
type Resolver = experimental.Resolver;
type Endpoint = experimental.Endpoint;

/** The scheme of a list of targets: `reprise-list:a:7171,b:7171`. */
const SCHEME = 'reprise-list';
/** Milliseconds between two resolutions. grpc-js asks for one whenever no address answers, so that it would ask for ever. */
const RESOLVE_EVERY_MS = 1000;

/**
 * Resolves a list of targets to all their addresses, in an order that is random for each channel. The pick-first policy
 * tries them in this order, and stays with one until it breaks. Each break resolves the names again.
 *
 * Deliberate: not the policy's own shuffling, which in grpc-js 1.14.7 never moves the first of two.
 */
class TargetListResolver implements Resolver {
  readonly #targets: readonly Target[];
  readonly #listener: ResolverListener;
  /** Resolving, or resolved only just now. */
  #isBusy = false;
  #isAskedAgain = false;
  #timer: NodeJS.Timeout | undefined;
  /** What an earlier life still resolves is not heard. */
  #life = 0;

  constructor(target: experimental.GrpcUri, listener: ResolverListener) {
    this.#targets = shuffled(target.path.split(',').map(parseTarget));
    this.#listener = listener;
  }

  updateResolution(): void {
    if (this.#isBusy) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isBusy = true;
    void this.#resolve();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#life++;
    this.#isBusy = false;
    this.#isAskedAgain = false;
  }

  async #resolve(): Promise<void> {
    const life = this.#life;
    const found = await Promise.allSettled(this.#targets.map(addressesOf));
    if (life !== this.#life) return;
    this.#timer = setTimeout(() => this.#rest(), RESOLVE_EVERY_MS);
    this.#timer.unref();
    const endpoints = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    this.#listener(endpoints.length > 0 ? experimental.statusOrFromValue(endpoints) : unresolved(), {}, null, '');
  }

  #rest(): void {
    this.#isBusy = false;
    if (!this.#isAskedAgain) return;
    this.#isAskedAgain = false;
    this.updateResolution();
  }

  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return target.path.split(',')[0] ?? '';
  }
}

/** Returns the same in a random order (Fisher and Yates). */
function shuffled<T>(list: readonly T[]): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last--) {
    const chosen = Math.floor(systemRandom.float() * (last + 1));
    [result[last], result[chosen]] = [result[chosen]!, result[last]!];
  }
  return result;
}

async function addressesOf({ host, port }: Target): Promise<Endpoint[]> {
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address }) => ({ addresses: [{ host: address, port }] }));
}

function unresolved(): experimental.StatusOr<Endpoint[]> {
  const details = 'None of the names could be resolved.';
  return experimental.statusOrFromError({ code: status.UNAVAILABLE, details, metadata: new Metadata() });
}

experimental.registerResolver(SCHEME, TargetListResolver);

/** Returns the name by which grpc-js resolves a list of targets. */
export function targetListName(targets: readonly string[]): string {
  return `${SCHEME}:${targets.join(',')}`;
}
