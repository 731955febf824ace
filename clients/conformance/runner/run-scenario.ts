import { setTimeout as pause } from 'node:timers/promises';
import { type CutProxy, openCutProxy } from '../../../test/support/redis/cut-proxy.ts';
import type { Answer, Driver, Sent } from './driver.ts';
import { at, mismatch } from './match.ts';
import type { PlainClient } from './plain-client.ts';
import type { Scenario, Step } from './scenario.ts';
import type { ConformanceServer } from './server.ts';

/** What a scenario runs with. */
export interface Stage {
  readonly driver: Driver;
  readonly server: ConformanceServer;
  readonly plain: PlainClient;
  /** The scenario's own. */
  readonly namespace: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Milliseconds of a call's deadline where the scenario doesn't say: machines that run tests are busy. */
const DEADLINE_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** Commands that name neither a client nor a subscription. */
const BARE = new Set(['hello', 'reset', 'computed', 'release']);
const OF_SUBSCRIPTION = new Set(['take', 'state', 'unsubscribe']);

/** Runs one scenario from an empty namespace. Returns why it failed; undefined if it passed. */
export async function runScenario(stage: Stage, scenario: Scenario): Promise<string | undefined> {
  await using run = new Run(stage);
  try {
    await stage.plain.createNamespace(stage.namespace, scenario.settings);
    for (const [client, options] of Object.entries(scenario.clients)) {
      const complaint = await run.step({ action: 'open', args: { client, ...options } });
      if (complaint !== undefined) return `opening ${client}: ${complaint}`;
    }
    for (const [index, step] of scenario.steps.entries()) {
      const complaint = await run.step(step);
      if (complaint !== undefined) return `step ${index + 1} (${step.action}): ${complaint}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

class Run implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #saved = new Map<string, unknown>();
  readonly #started = new Map<string, Sent>();
  #proxy: CutProxy | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Takes a step, again until it comes to what is expected where it says so. Returns what is wrong in the end. */
  async step(step: Step): Promise<string | undefined> {
    for (let times = step.times ?? 1; times > 1; times--) {
      const complaint = await this.#once(step);
      if (complaint !== undefined) return complaint;
    }
    const endMs = performance.now() + (step.eventuallyMs ?? 0);
    for (;;) {
      const complaint = await this.#once(step);
      if (complaint === undefined || performance.now() >= endMs) return complaint;
      await pause(LOOK_AGAIN_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { driver, server, plain, namespace } = this.#stage;
    await this.#proxy?.pass();
    if (!server.isRunning) await server.start();
    await plain.clearFaults('');
    await driver.send({ do: 'reset' }).answer;
    await plain.deleteNamespace(namespace);
    await this.#proxy?.close();
  }

  async #once({ action, args: raw, as, start, ...expected }: Step): Promise<string | undefined> {
    const args = this.#filled(raw);
    if (start !== undefined) {
      this.#started.set(start, await this.#send(action, args as Fields));
      return undefined;
    }
    const begunMs = performance.now();
    const answer = await this.#act(action, args);
    const tookMs = performance.now() - begunMs;
    if (as !== undefined) this.#saved.set(as, answer.ok);
    const [min, max] = expected.takesMs ?? [0, Number.POSITIVE_INFINITY];
    if (tookMs < min || tookMs > max) return `it took ${Math.round(tookMs)} ms, expected ${min} to ${max}`;
    if (action === 'parallel') return this.#judgeEach(raw as Fields[], answer);
    return this.#judge(expected, answer);
  }

  #judge(expected: Pick<Step, 'is' | 'fails'>, { ok, error }: Answer): string | undefined {
    if ('fails' in expected) {
      if (error === undefined) return `it was answered with ${JSON.stringify(ok)}, where an error was expected`;
      return mismatch(this.#filled(expected.fails), error);
    }
    if (error !== undefined) return `it failed: ${JSON.stringify(error)}`;
    return 'is' in expected ? mismatch(this.#filled(expected.is), ok) : undefined;
  }

  #judgeEach(steps: readonly Fields[], answer: Answer): string | undefined {
    if (answer.error !== undefined) return this.#judge({}, answer);
    const answers = answer.ok as Answer[];
    return steps
      .map((step, index) => [index, this.#judge(step, answers[index] ?? {})] as const)
      .filter(([, complaint]) => complaint !== undefined)
      .map(([index, complaint]) => `command ${index + 1}: ${complaint}`)
      .at(0);
  }

  async #act(action: string, args: unknown): Promise<Answer> {
    const { plain, namespace } = this.#stage;
    const fields = args as Fields;
    switch (action) {
      case 'server':
        await this.#server(String(args));
        return {};
      case 'proxy':
        await this.#useProxy(String(args));
        return {};
      case 'advance':
        await plain.advance(Number(args));
        return {};
      case 'pause':
        await pause(Number(args));
        return {};
      case 'other':
        return { ok: await plain.other(namespace, fields) };
      case 'fault':
        await plain.inject(namespace, fields);
        return {};
      case 'clearFaults':
        await plain.clearFaults(namespace);
        return {};
      case 'breakStreams':
        return { ok: await plain.breakStreams(namespace, fields) };
      case 'calls':
        return { ok: await plain.calls(namespace, String(fields['method'] ?? '')) };
      case 'done':
        return this.#sent(String(args)).answer;
      case 'cancel':
        return this.#stage.driver.send({ do: 'cancel', command: this.#sent(String(args)).id }).answer;
      default:
        return (await this.#send(action, fields)).answer;
    }
  }

  #sent(label: string): Sent {
    const sent = this.#started.get(label);
    if (sent === undefined) throw new Error(`nothing was started as ${label}`);
    return sent;
  }

  async #send(action: string, args: Fields): Promise<Sent> {
    const { driver } = this.#stage;
    if (action === 'open') return driver.send(await this.#opening(args));
    if (action !== 'parallel') return driver.send(commandOf(action, args));
    const commands = (args as unknown as Fields[]).map(({ is: _, fails: __, ...step }) => {
      const [[each, of] = ['', {}]] = Object.entries(step);
      return commandOf(each, of as Fields);
    });
    return driver.send({ do: 'parallel', commands });
  }

  async #opening({ targets = ['server'], ...options }: Fields): Promise<object> {
    const addresses: string[] = [];
    for (const target of targets as string[]) addresses.push(await this.#addressOf(target));
    const { namespace } = this.#stage;
    const all = { do: 'open', client: 'a', namespace, deadlineMs: DEADLINE_MS, ...options, targets: addresses };
    // A null takes a default of the runner's away.
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  }

  async #addressOf(target: string): Promise<string> {
    const { server } = this.#stage;
    if (target === 'server') return server.address;
    if (target !== 'proxy') return target;
    this.#proxy ??= await openCutProxy(server.port);
    return `127.0.0.1:${this.#proxy.port}`;
  }

  async #useProxy(what: string): Promise<void> {
    const proxy = this.#proxy;
    if (proxy === undefined) throw new Error('no client is connected through the proxy');
    if (what === 'hold') proxy.hold();
    else if (what === 'cut') await proxy.cut();
    else if (what === 'pass') await proxy.pass();
    else throw new Error(`the proxy can't ${what}`);
  }

  async #server(what: string): Promise<void> {
    const { server } = this.#stage;
    if (what !== 'start') await server.stop(what === 'kill' || what === 'crash' ? 'SIGKILL' : 'SIGTERM');
    if (what === 'start' || what === 'restart' || what === 'kill') await server.start();
  }

  /** Puts what was kept in the place of `@name.path`, and a long text in that of `{$repeat: [text, times]}`. */
  #filled(value: unknown): unknown {
    if (typeof value === 'string' && value.startsWith('@')) {
      const [name = ''] = value.slice(1).split(/[.[]/);
      if (!this.#saved.has(name)) throw new Error(`nothing was kept as ${name}`);
      return at(this.#saved.get(name), value.slice(1 + name.length));
    }
    if (Array.isArray(value)) return value.map((each) => this.#filled(each));
    if (typeof value !== 'object' || value === null) return value;
    const { $repeat } = value as { readonly $repeat?: readonly [string, number] };
    if ($repeat !== undefined) return $repeat[0].repeat($repeat[1]);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.#filled(each)]));
  }
}

function commandOf(action: string, args: Fields): object {
  if (BARE.has(action)) return { do: action, ...args };
  if (OF_SUBSCRIPTION.has(action)) return { do: action, subscription: 's', ...args };
  return { do: action, client: 'a', ...(action === 'subscribe' && { subscription: 's' }), ...args };
}
