// Runs all tests with node:test, prints each failure, and ends with one line: `N passed, N failed`.
import { glob } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { run, type TestsStream } from 'node:test';
import { spec } from 'node:test/reporters';
import { shareCompiled } from '../tools/share-compiled.ts';

const FOLDERS = 'test/{unit,tidy,property,simulation,integration,robustness}/**/*.test.ts';

/** The files that were asked for, else all. */
async function testFiles(): Promise<string[]> {
  const asked = process.argv.slice(2);
  if (asked.length > 0) return asked;
  const files: string[] = [];
  for await (const file of glob(FOLDERS)) files.push(file);
  return files.sort();
}

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function count(stream: TestsStream): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  stream.on('test:pass', ({ skip, todo, details }) => {
    if (details.type === 'suite') return;
    if (skip !== undefined || todo !== undefined) tally.skipped++;
    else tally.passed++;
  });
  stream.on('test:fail', () => {
    tally.failed++;
  });
  return tally;
}

const inCi = process.env['CI'] === 'true';
// A file a core: many wait for servers most of their time, and one at a time took a third longer.
const concurrency = Math.max(2, availableParallelism());
shareCompiled();
// forceExit: a client that a test has disconnected may leave a timer, which kept a file of failovers from ending.
const files = await testFiles();
const stream = run({ files, concurrency, forceExit: true, timeout: 300_000, cwd: process.cwd() });
const tally = count(stream);
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  setImmediate(() => {
    const skippedInCi = inCi && tally.skipped > 0;
    if (skippedInCi) console.log(`${tally.skipped} tests were skipped: CI never skips`);
    console.log(`${tally.passed} passed, ${tally.failed + (skippedInCi ? tally.skipped : 0)} failed`);
    process.exitCode = tally.failed > 0 || tally.passed === 0 || skippedInCi ? 1 : 0;
  });
});
