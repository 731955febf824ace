import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { shareCompiled } from './share-compiled.ts';

// Runs the tests of the server, then those of every client, whether their stubs are today's, and the scenarios that all
// clients share, and ends with one line: `N passed, N failed`. A client whose toolchain is missing says so in one line and counts nothing; in CI it fails.
// `--clients` leaves the server out.

/** A set of tests: a command whose last lines tell how many passed. */
interface Suite {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

/** How a suite ended. */
interface Ended {
  readonly suite: Suite;
  readonly passed: number;
  readonly failed: number;
  readonly code: number;
  readonly skipped: string | undefined;
  readonly seconds: number;
}

const SERVER: Suite = { name: 'server', command: process.execPath, arguments: ['test/run.ts'] };
const CLIENTS: readonly Suite[] = ['typescript', 'python', 'go', 'java'].map((language) => ({
  name: `clients/${language}`,
  command: `clients/${language}/check`,
  arguments: [],
}));
// After the clients, whose checks install what this needs.
const STUBS: Suite = { name: 'clients/stubs', command: 'tools/check-stubs', arguments: [] };
const CONFORMANCE: Suite = {
  name: 'clients/conformance',
  command: process.execPath,
  // Scenarios wait more than they work.
  arguments: ['clients/conformance/run.ts', '--lanes', '6'],
};

const SKEW: Suite = {
  name: 'clients/version-skew',
  command: process.execPath,
  arguments: ['test/run.ts', 'clients/conformance/version-skew/version-skew.test.ts'],
};

const TALLY = /^(\d+) passed, (\d+) failed$/;
const SKIPPED = /^skipped: /;
/** Clients are checked so many at a time: much of it is waiting for processes and downloads. */
const TOGETHER = 2;

/** Runs a suite; what it prints goes on, each line after the suite's name where several run. */
function run(suite: Suite, prefix: string): Promise<Ended> {
  const startedMs = systemClock.monotonicMs();
  const child = spawn(suite.command, suite.arguments, { stdio: ['ignore', 'pipe', 'inherit'] });
  let [passed, failed, skipped]: [number, number, string | undefined] = [0, 0, undefined];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (coloured) => {
    const line = stripVTControlCharacters(coloured);
    const tally = TALLY.exec(line);
    if (tally !== null) [passed, failed] = [Number(tally[1]), Number(tally[2])];
    else if (SKIPPED.test(line)) skipped = line;
    console.log(tally === null ? `${prefix}${line}` : `${prefix}= ${line}`);
  });
  const closed = Promise.withResolvers<void>();
  lines.on('close', () => closed.resolve());
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', async (code) => {
      await closed.promise;
      const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
      resolve({ suite, passed, failed, code: code ?? 1, skipped, seconds });
    });
  });
}

async function runTogether(suites: readonly Suite[]): Promise<Ended[]> {
  const left = [...suites];
  const ended: Ended[] = [];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      ended.push(await run(next, `${next.name}: `));
  };
  await Promise.all(Array.from({ length: TOGETHER }, lane));
  return ended;
}

/** Returns why a suite failed as a whole, though it told of no failed test. */
function complaint({ code, failed, passed, skipped }: Ended): string | undefined {
  if (code !== 0 && failed === 0) return `ended with exit code ${code}`;
  if (skipped !== undefined) return process.env['CI'] === 'true' ? 'was skipped: CI never skips' : undefined;
  return passed + failed === 0 ? 'ran no test' : undefined;
}

shareCompiled();
const server = process.argv.includes('--clients') ? [] : [await run(SERVER, '')];
const clients = await runTogether(CLIENTS);
const checked = clients.filter(({ skipped }) => skipped === undefined).map(({ suite }) => basename(suite.name));
process.env['CLIENTS'] = checked.join(',');
const ended = [...server, ...clients];
for (const suite of [STUBS, CONFORMANCE, SKEW]) ended.push(await run(suite, ''));
let [passed, failed] = [0, 0];
for (const each of ended) {
  const why = complaint(each);
  passed += each.passed;
  failed += each.failed + (why === undefined ? 0 : 1);
  const told = each.skipped ?? `${each.passed} passed, ${each.failed} failed`;
  console.log(`${each.suite.name}: ${told}, ${Math.round(each.seconds)} s${why === undefined ? '' : `; ${why}`}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
