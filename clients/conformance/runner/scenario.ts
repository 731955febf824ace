import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One step: an action and what it must come to. */
export interface Step {
  /** A command of the driver, or what the runner does itself (actions.ts). */
  readonly action: string;
  readonly args: unknown;
  /** What the answer must be; absent: anything but an error. */
  readonly is?: unknown;
  /** What the error must be. */
  readonly fails?: unknown;
  /** Keeps the answer under this name, for `@name.path` later. */
  readonly as?: string;
  /** Repeats the step until it comes to what is expected, within this many milliseconds. */
  readonly eventuallyMs?: number;
  /** Fewest and most milliseconds that it may take. */
  readonly takesMs?: readonly [number, number];
  /** Takes the step so often; each time it must come to the same. */
  readonly times?: number;
  /** Begins the command without waiting; a later step `done` with this name waits for it. */
  readonly start?: string;
}

/** One scenario. */
export interface Scenario {
  readonly family: string;
  readonly name: string;
  /** Features without which it makes no sense. */
  readonly needs: readonly string[];
  /** Clients that are open when it begins, by name, with their options. */
  readonly clients: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Settings of its namespace. */
  readonly settings: Readonly<Record<string, number>>;
  readonly steps: readonly Step[];
}

const MODIFIERS = new Set(['is', 'fails', 'refused', 'as', 'eventually', 'takesMs', 'times', 'start']);
const FIELDS = new Set(['name', 'needs', 'clients', 'settings', 'steps']);
/** Milliseconds for which `eventually: true` looks again. */
const EVENTUALLY_MS = 30_000;

type Raw = Readonly<Record<string, unknown>>;

/** Reads all scenarios of a folder, in the order of its files. Throws an Error that names what is malformed. */
export function loadScenarios(folder: URL): Scenario[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const scenarios = files.sort().flatMap((file) => scenariosOf(readFileSync(new URL(file, folder), 'utf8'), file));
  const names = scenarios.map(({ family, name }) => `${family}: ${name}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`there are two scenarios called ${twice}`);
  return scenarios;
}

function scenariosOf(text: string, file: string): Scenario[] {
  const content = parse(text) as { readonly family: string; readonly needs?: string[]; readonly scenarios: Raw[] };
  return content.scenarios.map((raw) => scenarioOf(raw, content.family, content.needs ?? [], file));
}

function scenarioOf(raw: Raw, family: string, needs: readonly string[], file: string): Scenario {
  const { name, steps, clients, settings } = raw as unknown as Scenario;
  const where = `${file}: ${name}`;
  const unknown = Object.keys(raw).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) throw new Error(`${where}: unknown field ${unknown}`);
  if (!Array.isArray(steps) || steps.length === 0) throw new Error(`${where}: no steps`);
  const own = (raw as { readonly needs?: string[] }).needs ?? [];
  return {
    family,
    name,
    needs: [...new Set([...needs, ...own])],
    clients: clients ?? { a: {} },
    settings: settings ?? {},
    steps: (steps as unknown as Raw[]).map((step, index) => stepOf(step, `${where}: step ${index + 1}`)),
  };
}

function stepOf(raw: Raw, where: string): Step {
  const actions = Object.keys(raw).filter((field) => !MODIFIERS.has(field));
  const [action] = actions;
  if (action === undefined || actions.length !== 1) throw new Error(`${where}: one action, not ${actions.join(', ')}`);
  const { is, as, eventually, takesMs, times, start } = raw;
  const fails = 'refused' in raw ? refusal(String(raw['refused'])) : raw['fails'];
  return {
    action,
    args: action === 'parallel' ? commandsOf(raw[action]) : (raw[action] ?? {}),
    ...('is' in raw && { is }),
    ...(fails !== undefined && { fails }),
    ...(as !== undefined && { as: String(as) }),
    ...(eventually !== undefined && { eventuallyMs: eventually === true ? EVENTUALLY_MS : Number(eventually) }),
    ...(takesMs !== undefined && { takesMs: takesMs as [number, number] }),
    ...(times !== undefined && { times: Number(times) }),
    ...(start !== undefined && { start: String(start) }),
  };
}

// A client may see by itself what the server would refuse.
function refusal(reason: string): unknown {
  return { $oneOf: [{ kind: 'InvalidArgument', code: 'INVALID_ARGUMENT', reason }, { kind: 'Usage' }] };
}

// `{$commands: [command, times]}` stands for so many, with their number in the place of `{}`.
function commandsOf(raw: unknown): unknown {
  const { $commands } = raw as { readonly $commands?: readonly [unknown, number] };
  if ($commands === undefined) return raw;
  const text = JSON.stringify($commands[0]);
  return Array.from(
    { length: $commands[1] },
    (_, index) => JSON.parse(text.replaceAll('{}', String(index))) as unknown,
  );
}
