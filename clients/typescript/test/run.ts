// Runs all tests with node:test, prints each failure, and ends with one line: `N passed, N failed`.
import { glob } from 'node:fs/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

async function testFiles(): Promise<string[]> {
  const asked = process.argv.slice(2);
  if (asked.length > 0) return asked;
  const files: string[] = [];
  for await (const file of glob(`${FOLDER}{unit,integration}/**/*.test.ts`)) files.push(file);
  return files.sort();
}

const tally = { passed: 0, failed: 0 };
const stream = run({ files: await testFiles(), concurrency: 2, timeout: 120_000, cwd: process.cwd() });
stream.on('test:pass', ({ skip, todo, details }) => {
  if (details.type === 'suite') return;
  // What did not run did not pass.
  if (skip !== undefined || todo !== undefined) tally.failed++;
  else tally.passed++;
});
stream.on('test:fail', () => {
  tally.failed++;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  setImmediate(() => {
    console.log(`${tally.passed} passed, ${tally.failed} failed`);
    process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
  });
});
