// Runs all scenarios on the clients of the named languages, prints what failed and a table, and ends with one line:
// `N passed, N failed`.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { computeTogether } from './runner/compute-together.ts';
import { DriverMissing } from './runner/driver.ts';
import { type Result, tableOf, writeTable } from './runner/report.ts';
import { runLanguage } from './runner/run-language.ts';
import { loadScenarios } from './runner/scenario.ts';

const USAGE = `usage: node clients/conformance/run.ts [--only TEXT] [--lanes N] [--times] [--write] [LANGUAGE…]

  LANGUAGE     typescript, python, go, java: those whose driver is there, if none is named
  --only TEXT  only scenarios whose family and name, as "family: name", contain the text
  --lanes N    so many beside each other, each with a server and a driver of its own; 2 if not given
  --times      tell how long each scenario took
  --write      write the table into docs/conformance.md`;

/** What is known to fail: the reason, by language and by "family: name". */
type KnownFailures = Readonly<Record<string, Readonly<Record<string, string>> | null>>;

const LANGUAGES = ['typescript', 'python', 'go', 'java'] as const;
const TOGETHER = 'a thousand callers in three processes of several languages compute once';
const DOCUMENT = new URL('../../docs/conformance.md', import.meta.url);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      lanes: { type: 'string', default: '2' },
      times: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const languages = positionals.length > 0 ? positionals : LANGUAGES.filter((each) => existsSync(driverOf(each)));
  const all = loadScenarios(new URL('scenarios/', import.meta.url));
  const scenarios = all.filter(({ family, name }) => `${family}: ${name}`.includes(values.only));
  const known = knownFailures();
  const results: Result[] = [];
  const ran: string[] = [];
  for (const language of languages) {
    const parts = { language, driverFile: driverOf(language), known: known[language] ?? {} };
    const onResult = (result: Result, log: string): void => tell(result, log, values.times);
    const running = runLanguage({ ...parts, lanes: Number(values.lanes), onResult }, scenarios);
    try {
      results.push(...(await running));
      ran.push(language);
    } catch (error) {
      results.push(...withoutDriver(language, error));
    }
  }
  if (ran.length > 1 && TOGETHER.includes(values.only)) results.push(await together(ran, values.times));
  const families = [...new Set(scenarios.map(({ family }) => family))];
  const rows = results.filter(({ language }) => language !== 'all');
  console.log(`\n${tableOf(rows, families)}\n`);
  if (values.write) writeTable(DOCUMENT, rows, families);
  return told(results);
}

/** What no client can show alone. */
async function together(languages: readonly string[], times: boolean): Promise<Result> {
  const begunMs = performance.now();
  const drivers = new Map(languages.map((language) => [language, driverOf(language)]));
  const complaint = await computeTogether(drivers).catch((error: unknown) => String(error));
  const tookMs = Math.round(performance.now() - begunMs);
  const verdict = complaint === undefined ? 'passed' : 'failed';
  const result: Result = { language: 'all', family: 'compute', name: TOGETHER, verdict, complaint, tookMs };
  tell(result, '', times);
  return result;
}

// Without its toolchain a client can't be tested on this machine; in CI nothing is left out.
function withoutDriver(language: string, error: unknown): Result[] {
  const complaint = error instanceof Error ? error.message.trim() : String(error);
  console.log(`${language}: no driver: ${complaint}`);
  if (error instanceof DriverMissing && process.env['CI'] !== 'true') return [];
  return [{ language, family: 'driver', name: 'starts', verdict: 'failed', complaint, tookMs: 0 }];
}

function tell({ language, family, name, verdict, complaint, tookMs }: Result, log: string, times: boolean): void {
  if (times) console.log(`${verdict === 'failed' ? '✖' : '✔'} ${tookMs} ms: ${language}: ${family}: ${name}`);
  if (verdict !== 'failed') return;
  console.log(`✖ ${language}: ${family}: ${name}\n    ${complaint}`);
  if (log !== '') console.log(log.replace(/^/gm, '    | '));
}

function told(results: readonly Result[]): number {
  const count = (verdict: Result['verdict']): number => results.filter((result) => result.verdict === verdict).length;
  if (count('known') > 0) console.log(`${count('known')} failed as known`);
  if (count('undeclared') > 0) console.log(`${count('undeclared')} need a feature that was not declared`);
  console.log(`${count('passed')} passed, ${count('failed')} failed`);
  return count('failed') > 0 || count('passed') === 0 ? 1 : 0;
}

function knownFailures(): KnownFailures {
  const text = readFileSync(new URL('known-failures.yaml', import.meta.url), 'utf8');
  return (parse(text) as KnownFailures | null) ?? {};
}

// The reference driver lies with the runner, as it is there to test it.
function driverOf(language: string): string {
  const place = language === 'reference' ? 'reference/conformance' : `../${language}/conformance`;
  return fileURLToPath(new URL(place, import.meta.url));
}

process.exitCode = await main();
