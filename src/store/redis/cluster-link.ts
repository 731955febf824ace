import { type Address, addressText, sameAddress } from './address.ts';
import { type ClusterView, ownerOf, ownersOf } from './cluster-view.ts';
import { ClusterWatch } from './cluster-watch.ts';
import type { Listener } from './connection/doorbell.ts';
import { CONNECTION_LOST } from './connection-failure.ts';
import { keySlot } from './key-slot.ts';
import type { Answered, Lane, LinkCall } from './link.ts';
import type { LinkOptions, RedisLink } from './link-options.ts';
import { primaryParts } from './link-parts.ts';
import { LineNews } from './link-state.ts';
import { Primary, type PrimaryParts, type Ran } from './primary.ts';
import { type Redirect, redirectOf } from './redirect.ts';
import { storeUnavailable } from './redis-failure.ts';
import { replyCode, replyFailure } from './reply-failure.ts';
import { answerOf } from './run-call.ts';

const REDIRECTS_MAX = 3;

/** A channel that is listened to, and where. */
interface Channel {
  readonly listener: Listener;
  at: Primary | undefined;
}

/** Where a slot has moved, and how many looks at all slots there had been. */
interface Moved {
  readonly address: Address;
  readonly rounds: number;
}

// So many looks later the primaries know of it too, or it was wrong.
const MOVED_ROUNDS_MAX = 3;

/**
 * A link to the primaries of a cluster, each with connections of its own. Deliberate: not by the cluster client of
 * ioredis, which sends a call whose connection broke again, queues calls for nodes that are not there, connects anew for
 * every look at the slots, and does not say which server answered.
 */
export class ClusterLink implements RedisLink {
  readonly #parts: PrimaryParts;
  readonly #watch: ClusterWatch;
  readonly #primaries = new Map<string, Primary>();
  readonly #channels = new Map<string, Channel>();
  // Slots that a server said have moved, before the look at all of them that was the newest then.
  readonly #moved = new Map<number, Moved>();
  #rounds = 0;
  #why = 'no node of the cluster has told who serves which slots yet';

  /** Begins to connect. */
  constructor(seeds: readonly Address[], options: LinkOptions) {
    const ask = (): void => this.#watch.ask();
    this.#parts = { ...primaryParts(options), onLost: ask, onMoved: ask };
    const news = new LineNews('cluster', this.#parts.listener);
    this.#watch = new ClusterWatch(seeds, options, {
      isWell: () => this.ready,
      onRound: (agreed) => this.#onRound(agreed),
      onReady: (server) => news.connected(server),
      onLost: (failure) => {
        this.#why = `no node of the cluster can be asked: ${failure.what}`;
        news.lost(failure);
      },
    });
  }

  get ready(): boolean {
    return this.#primaries.size > 0 && this.#notReady() === undefined;
  }

  get why(): string {
    return this.#notReady()?.failure.what ?? this.#why;
  }

  async run(lane: Lane, call: LinkCall): Promise<Answered> {
    const slot = keySlot(call.keys[0]!);
    let redirect: Redirect | undefined;
    for (let redirects = 0; ; redirects++) {
      const { reply, server } = await this.#runAt(this.#primaryFor(slot, redirect), lane, call, redirect);
      if (reply.kind !== 'error') return answerOf(reply, call, server);
      redirect = this.#follow(reply.message);
      if (redirect === undefined || redirects === REDIRECTS_MAX) return answerOf(reply, call, server);
    }
  }

  inForce(slotKey: string, server: string): boolean {
    return this.namedAgeMs(slotKey, server) !== undefined;
  }

  namedAgeMs(slotKey: string, server: string): number | undefined {
    const named = this.#watch.ownerInForce(keySlot(slotKey));
    if (named === undefined) return undefined;
    return this.#primaries.get(addressText(named.owner))?.isServedBy(server) === true ? named.ageMs : undefined;
  }

  async listen(channel: string, onMessage: (payload: Buffer) => void, onGap: () => void): Promise<void> {
    const at = this.#primaryFor(keySlot(channel), undefined);
    const listener = { onMessage, onGap };
    this.#channels.set(channel, { listener, at });
    await at?.doorbell.add(channel, listener, false);
  }

  async close(): Promise<void> {
    this.#watch.close();
    for (const primary of this.#primaries.values()) primary.close();
  }

  async #runAt(primary: Primary | undefined, lane: Lane, call: LinkCall, redirect?: Redirect): Promise<Ran> {
    if (primary === undefined) throw storeUnavailable(replyFailure('CLUSTERDOWN'));
    return primary.run(lane, call, redirect?.kind === 'ask' ? { before: 'asking' } : {});
  }

  // What a server that did not run the call says about where to send it. Whoever says so has changed nothing.
  #follow(message: string): Redirect | undefined {
    if (replyCode(message) === 'CLUSTERDOWN') this.#watch.ask();
    const redirect = redirectOf(message);
    if (redirect?.kind === 'moved') {
      this.#moved.set(redirect.slot, { address: redirect.address, rounds: this.#rounds });
      this.#watch.ask();
    }
    return redirect;
  }

  #primaryFor(slot: number, redirect: Redirect | undefined): Primary | undefined {
    const { agreed } = this.#watch;
    const owner = redirect?.address ?? this.#moved.get(slot)?.address ?? (agreed && ownerOf(agreed, slot));
    return owner && this.#primaryAt(owner);
  }

  #primaryAt(address: Address): Primary {
    const text = addressText(address);
    const known = this.#primaries.get(text);
    if (known !== undefined) return known;
    const primary = new Primary(address, this.#parts);
    this.#primaries.set(text, primary);
    return primary;
  }

  #notReady(): Primary | undefined {
    return [...this.#primaries.values()].find(({ ready }) => !ready);
  }

  #onRound(agreed: ClusterView | undefined): void {
    if (agreed === undefined) return;
    this.#forgetMoved(agreed);
    const owners = new Map([...ownersOf(agreed), ...this.#movedTo()]);
    const added = [...owners].filter(([text]) => !this.#primaries.has(text));
    for (const [, address] of added) this.#primaryAt(address);
    for (const [channel, place] of this.#channels) this.#listenAt(channel, place, agreed);
    const gone = [...this.#primaries].filter(([text]) => !owners.has(text));
    for (const [text, primary] of gone) {
      this.#primaries.delete(text);
      primary.close(CONNECTION_LOST);
    }
    for (const primary of this.#primaries.values()) primary.doorbell.again();
    if (added.length + gone.length > 0) this.#parts.listener({ kind: 'primaries-changed' });
  }

  #forgetMoved(agreed: ClusterView): void {
    this.#rounds++;
    for (const [slot, { address, rounds }] of this.#moved) {
      const known = sameAddress(ownerOf(agreed, slot), address);
      if (known || this.#rounds - rounds > MOVED_ROUNDS_MAX) this.#moved.delete(slot);
    }
  }

  #movedTo(): [string, Address][] {
    return [...this.#moved.values()].map(({ address }) => [addressText(address), address]);
  }

  #listenAt(channel: string, place: Channel, agreed: ClusterView): void {
    const owner = ownerOf(agreed, keySlot(channel));
    const primary = owner && this.#primaryAt(owner);
    if (primary === place.at) return;
    place.at?.doorbell.remove(channel);
    place.at = primary;
    void primary?.doorbell.add(channel, place.listener, true);
  }
}
