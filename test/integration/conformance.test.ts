// Goal: the scenarios of the clients can be run, and tell a client that keeps them from one that does not. Method: the
// runner itself on the driver of the bare stubs, which reads and writes as it should and never tries again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadScenarios } from '../../clients/conformance/runner/scenario.ts';

const RUN = fileURLToPath(new URL('../../clients/conformance/run.ts', import.meta.url));
const SCENARIOS = new URL('../../clients/conformance/scenarios/', import.meta.url);
const scenarios = loadScenarios(SCENARIOS);

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function conformance(...flags: string[]): Promise<Outcome> {
  const running = promisify(execFile)(process.execPath, [RUN, ...flags, 'reference'], { timeout: 200_000 });
  return running.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, output: stdout }),
  );
}

test('there are scenarios of every family, each with a name of its own', () => {
  const families = Map.groupBy(scenarios, ({ family }) => family);
  assert.ok(scenarios.length >= 200 && families.size >= 10);
});

test('a client that reads as it should passes', async () => {
  const { code, output } = await conformance('--only', 'reads: ');
  const count = scenarios.filter(({ family }) => family === 'reads').length;
  assert.match(output, new RegExp(`\n${count} passed, 0 failed\n$`));
  assert.equal(code, 0);
});

test('a client that does not try again fails, and is told where', async () => {
  const { code, output } = await conformance('--only', 'retries: a change whose');
  assert.match(output, /✖ reference: retries: a change whose answer was lost is applied once\n +step 2 \(increment\)/);
  assert.match(output, /\n0 passed, 2 failed\n$/);
  assert.equal(code, 1);
});

test('what a client does not declare is not held against it', async () => {
  const { output } = await conformance('--only', 'reads: zero bytes');
  assert.match(output, /\n1 passed, 0 failed\n$/);
  const none = await conformance('--only', 'pass through: ');
  assert.match(none.output, /\| reference \| not declared \|/);
});
