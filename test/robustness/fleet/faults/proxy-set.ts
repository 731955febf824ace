import { type CutProxy, openCutProxy } from '../../../support/redis/cut-proxy.ts';

/** One node's ways to all Redis servers, which are disturbed together. */
export class ProxySet implements AsyncDisposable {
  readonly #proxies: ReadonlyMap<number, CutProxy>;

  private constructor(proxies: ReadonlyMap<number, CutProxy>) {
    this.#proxies = proxies;
  }

  /** Opens a proxy for each of the ports. */
  static async open(ports: readonly number[]): Promise<ProxySet> {
    const proxies = new Map<number, CutProxy>();
    for (const port of ports) proxies.set(port, await openCutProxy(port));
    return new ProxySet(proxies);
  }

  /** The port of the proxy for each port of a server. */
  get ports(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#proxies].map(([port, proxy]) => [port, proxy.port]));
  }

  /** Does the same to all. */
  async each(disturb: (proxy: CutProxy) => void | Promise<void>): Promise<void> {
    await Promise.all([...this.#proxies.values()].map((proxy) => disturb(proxy)));
  }

  /** Ends everything that was done to them. */
  async heal(): Promise<void> {
    await this.each((proxy) => proxy.pass());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.each((proxy) => proxy.close());
  }
}
