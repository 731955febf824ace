import { Client, credentials } from '@grpc/grpc-js';
import type { Filter } from '../history/history.ts';
import { ownConnection } from './subscriber.ts';
import { Subscription, type SubscriptionWish } from './subscription.ts';
import type { TestedServer } from './tested-server.ts';

/** How subscribers reach the server. */
export interface AudienceOptions {
  /** All on one connection; else each on its own, so that one who stops reading doesn't stop another's connection. */
  readonly shared: boolean;
  readonly progressIntervalMs: number;
}

/** Subscribers who stay until the end of a run. */
export class Audience implements Disposable {
  readonly #tested: TestedServer;
  readonly #address: string;
  readonly #options: AudienceOptions;
  readonly #clients: Client[] = [];
  readonly #subscriptions: Subscription[] = [];

  private constructor(tested: TestedServer, address: string, options: AudienceOptions) {
    this.#tested = tested;
    this.#address = address;
    this.#options = options;
  }

  /** Returns an empty audience. */
  static async of(tested: TestedServer, options: AudienceOptions): Promise<Audience> {
    const { address } = await tested.serving();
    return new Audience(tested, address, options);
  }

  /** All who subscribed, in order. */
  get subscriptions(): readonly Subscription[] {
    return this.#subscriptions;
  }

  /** One more subscribes. */
  subscribe(subscriber: string, filter: Filter, more: Partial<SubscriptionWish> = {}): Subscription {
    const { progressIntervalMs } = this.#options;
    const wish = { subscriber, namespace: 'default', filter, progressIntervalMs, resumeToken: '', ...more };
    const subscription = new Subscription(this.#tested, this.#client(), wish);
    this.#subscriptions.push(subscription);
    return subscription;
  }

  /** Waits until all streams have begun. */
  async ready(): Promise<void> {
    await Promise.all(this.#subscriptions.map((each) => each.ready()));
  }

  /** Waits until everybody has read all that there is; then they leave. */
  async leave(): Promise<void> {
    await Promise.all(this.#subscriptions.map((each) => each.caughtUp()));
    await Promise.all(this.#subscriptions.map((each) => each.cancel()));
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.close();
  }

  #client(): Client {
    const [first] = this.#clients;
    if (this.#options.shared && first !== undefined) return first;
    const client = new Client(this.#address, credentials.createInsecure(), ownConnection);
    this.#clients.push(client);
    return client;
  }
}
