import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { OperatingError } from '../../src/base/operating-error.ts';
import type { LinkOptions, RedisLink } from '../../src/store/redis/link-options.ts';
import type { FailoverKind, FailoverRig } from './redis/rig.ts';
import { countUp, openTestLink, readCount } from './test-link.ts';
import { until } from './until.ts';

/** A link that writes and sends heartbeats all the time. */
interface Client {
  readonly link: RedisLink;
  readonly key: string;
  /** When a write, and a heartbeat of a server in force, was last answered; and the longest time without a write. */
  wroteMs: number;
  provenMs: number;
  gapMs: number;
  /** Writes that were acknowledged, and that may have been applied beside them. */
  acknowledged: number;
  unknown: number;
}

/** What a failover did to the clients. */
interface FailoverTimes {
  /** From the fault to the new primary, and from there to the last client whose writes and heartbeats are well. */
  readonly switchMs: number;
  readonly usableMs: number;
  /** The longest time without a write of any client. */
  readonly gapMs: number;
}

/** Several links that write all the time, to be watched through failovers; `await using` closes them. */
class FailoverClients implements AsyncDisposable {
  readonly #rig: FailoverRig;
  readonly #clients: readonly Client[];
  readonly #loops: Promise<void>[];
  #stopped = false;

  private constructor(rig: FailoverRig, clients: readonly Client[]) {
    this.#rig = rig;
    this.#clients = clients;
    this.#loops = clients.flatMap((client) => [this.#write(client), this.#beat(client)]);
  }

  /** Opens the links; the keys of all lie in one slot. */
  static async open(rig: FailoverRig, more: Partial<LinkOptions> = {}, count = 4): Promise<FailoverClients> {
    const links = await Promise.all(Array.from({ length: count }, () => openTestLink(rig, more)));
    const zero = { wroteMs: 0, provenMs: 0, gapMs: 0, acknowledged: 0, unknown: 0 };
    return new FailoverClients(
      rig,
      links.map((link, index) => ({ ...zero, link, key: `${keyOf(rig)}:${index}` })),
    );
  }

  /** The links. */
  get links(): readonly RedisLink[] {
    return this.#clients.map(({ link }) => link);
  }

  /** Takes the primary away and waits until every client is well with the new one. */
  async failOver(kind: FailoverKind, t: TestContext): Promise<FailoverTimes> {
    await this.#untilWell(systemClock.monotonicMs());
    for (const client of this.#clients) client.gapMs = 0;
    const faultMs = systemClock.monotonicMs();
    await this.#rig.failOver(kind, keyOf(this.#rig));
    const switchedMs = systemClock.monotonicMs();
    await this.#untilWell(switchedMs);
    const times = {
      switchMs: Math.round(switchedMs - faultMs),
      usableMs: Math.round(systemClock.monotonicMs() - switchedMs),
      gapMs: Math.round(Math.max(...this.#clients.map(({ gapMs }) => gapMs))),
    };
    t.diagnostic(`${kind}: ${JSON.stringify(times)}`);
    return times;
  }

  /** Checks that no write was applied twice: of each counter, no more than was acknowledged or may have been applied. */
  async checkCounts(): Promise<void> {
    await this.#stop();
    for (const { link, key, acknowledged, unknown } of this.#clients) {
      const { answer } = await link.run('commands', readCount(key));
      const most = acknowledged + unknown;
      assert.ok((answer as number) <= most, `${answer} of ${acknowledged} acknowledged and ${unknown} unknown writes`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    for (const { link } of this.#clients) await link.close();
  }

  async #stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #untilWell(sinceMs: number): Promise<void> {
    const well = (): boolean => this.#clients.every(({ wroteMs, provenMs }) => Math.min(wroteMs, provenMs) > sinceMs);
    await until(well, { withinMs: 15_000, what: 'all clients writing again' });
  }

  async #write(client: Client): Promise<void> {
    while (!this.#stopped) {
      try {
        await client.link.run('commands', countUp(client.key));
        const nowMs = systemClock.monotonicMs();
        if (client.wroteMs > 0) client.gapMs = Math.max(client.gapMs, nowMs - client.wroteMs);
        client.wroteMs = nowMs;
        client.acknowledged++;
      } catch (error) {
        if (!(error instanceof OperatingError)) throw error;
        if (error.reason === 'OUTCOME_UNKNOWN') client.unknown++;
      }
      await breath();
    }
  }

  async #beat(client: Client): Promise<void> {
    while (!this.#stopped) {
      try {
        const { server } = await client.link.run('heartbeat', readCount(client.key));
        if (client.link.inForce(client.key, server)) client.provenMs = systemClock.monotonicMs();
      } catch (error) {
        if (!(error instanceof OperatingError)) throw error;
      }
      await breath();
    }
  }
}

/** Checks that all clients come back from failovers of every kind, within the bounds, and that no write counts twice. */
export async function assertAllComeBack(rig: FailoverRig, t: TestContext): Promise<void> {
  await using clients = await FailoverClients.open(rig);
  for (const kind of ['kill', 'freeze', 'planned'] as const) {
    const { switchMs, usableMs } = await clients.failOver(kind, t);
    assert.ok(switchMs + usableMs < 15_000 && usableMs < 5000, `${kind}: ${switchMs} ms + ${usableMs} ms`);
    await rig.heal();
    await until(() => clients.links.every(({ ready }) => ready), { what: 'all clients' });
  }
  await clients.checkCounts();
}

function keyOf({ prefix }: FailoverRig): string {
  return `${prefix}{p}count`;
}

// Looks twice: a few milliseconds between two calls.
async function breath(): Promise<void> {
  let looks = 0;
  await until(() => looks++ > 0, {});
}
