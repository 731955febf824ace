// Goal: what the house forbids is not in the code. Method: parsed files and texts against one rule each, with a list of
// who may break it and why; a place on a list that keeps the rule fails; each rule is tried on planted breaches.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Allowed, assertNone } from './support/findings.ts';
import {
  breaches,
  type CodeRule,
  noAny,
  noConsole,
  noMachine,
  noNull,
  noPartialTests,
  noTimers,
} from './support/forbidden-code.ts';
import { machinePath, registry, type TextRule, textFindings, unfinished } from './support/forbidden-text.ts';
import { wrongWords } from './support/forbidden-words.ts';
import { isGenerated, isUnder, readText, repositoryFiles, sourcePaths } from './support/repository.ts';
import { parseFiles, parseText } from './support/syntax-trees.ts';

const trees = [...parseFiles(sourcePaths('src', 'test', 'bench', 'tools'))];

function check(rule: CodeRule, folder: string, allowed: Allowed = {}): void {
  const checked = trees.filter(([path]) => isUnder(path, folder));
  assertNone(
    checked.flatMap(([path, file]) => breaches(path, file, rule)),
    allowed,
  );
}

function checkTexts(rule: TextRule): void {
  const checked = repositoryFiles().filter((path) => !isGenerated(path) && !/\.(?:gz|binpb|png)$/.test(path));
  assertNone(checked.flatMap((path) => textFindings(path, readText(path), rule)));
}

test('nothing is of type any', () => {
  for (const folder of ['src', 'test', 'bench', 'tools']) check(noAny, folder);
});

test('src says undefined, not null', () => {
  check(noNull, 'src', {
    'src/api/grpc-server.ts': 'grpc-js tells success so',
    'src/api/server-credentials.ts': 'grpc-js wants it for no authorities',
    'src/api/unary.ts': 'grpc-js is told success so',
    'src/cache/lease-id.ts': 'a pattern that does not match',
    'src/config/config-file.ts': 'a YAML node without a range',
    'src/config/schema-complaint.ts': 'what YAML reads from an empty value',
    'src/store/file/document-file.ts': 'typeof null is object',
    'src/telemetry/log.ts': 'pino is told so to add nothing to a line',
  });
});

test('src writes nothing to the console', () => check(noConsole, 'src'));

test('no test runs alone, is left out or may fail', () => {
  check(noPartialTests, 'test', {
    'test/integration/readme.test.ts': 'needs grpcurl, which needs Go; under CI=true a skipped test fails',
  });
});

test('src asks nobody but base for time and randomness', () => {
  check(noMachine, 'src', {
    'src/base/clock.ts': 'the machine’s clocks, where they are injected from',
    'src/base/random.ts': 'the machine’s randomness, where it is injected from',
    'src/cli/serve.ts': 'says how long the start took, nothing depends on it',
    'src/server/drain-on-signal.ts': 'says how long the drain took, nothing depends on it',
  });
});

test('tests decide themselves what time it is and which seed is used', () => {
  check(noMachine, 'test', {
    'test/integration': 'deadlines of calls are points in real time',
    'test/robustness/fleet/workload/node-shim.ts': 'sets the clock of a node wrong',
    'test/support/check-property.ts': 'draws a seed and prints it',
    'test/support/seeded-random.ts': 'draws a seed and prints it',
    'test/support/timed-server.ts': 'its clock begins now, so that deadlines of calls mean the same to it',
    'test/support/until.ts': 'gives up on what another process or socket does not do',
  });
  check(noMachine, 'tools');
});

test('tests do not sleep', () => {
  check(noTimers, 'test', {
    'test/support/until.ts': 'gives up on what another process or socket does not do, and looks again until then',
  });
});

test('names say the words of the house', () => {
  assertNone(trees.filter(([path]) => isUnder(path, 'src')).flatMap(([path, file]) => wrongWords(path, file)));
});

test('nothing is left for later', () => checkTexts(unfinished));

test('no file names a path of one machine', () => checkTexts(machinePath));

test('no file names a registry', () => checkTexts(registry));

test('the lock file does not say where packages were fetched', () => {
  assert.doesNotMatch(readText('package-lock.json'), /"resolved"/);
});

function broken(rule: CodeRule, text: string): number[] {
  return breaches('sample.ts', parseText(text), rule).map(({ line }) => line);
}

test('the rules about code find what is planted', () => {
  assert.deepEqual(broken(noAny, 'let a: any;\nlet b = "any";\nlet c: Map<string, any[]>;'), [1, 3]);
  assert.deepEqual(broken(noNull, 'let a = null;\n// null\nlet b: string | null;'), [1, 3]);
  assert.deepEqual(broken(noConsole, 'console.log(1);\nconsole?.error;\n"console.log"'), [1, 2]);
});

test('the rule about partial tests finds what is planted', () => {
  const sample = `test.only('a', () => {});
test('b', { skip: true }, () => {});
test('c', (t) => t.todo());
describe.skip('d');
test('e', { timeout: 1 }, () => reader.skip(2));
const skip = { skip: 1 };`;
  assert.deepEqual(broken(noPartialTests, sample), [1, 2, 3, 4]);
});

test('the rules about the machine find what is planted', () => {
  const sample = `import { setTimeout as sleep } from 'node:timers/promises';
setInterval(f, 1);
const now = Date.now;
new Date();
new Date(0);
globalThis.performance.now();
clock.startTimer(1, f);
clock.setTimeout;`;
  assert.deepEqual(broken(noMachine, sample), [1, 2, 3, 4, 6]);
  assert.deepEqual(broken(noTimers, sample), [1, 2]);
});

test('the rule about words finds parts of names', () => {
  const sample = parseText('class RedisBackend { #dedupe; softTtlMs; }\nconst busy = robust + focused("tenant");');
  const found = wrongWords('sample.ts', sample);
  assert.deepEqual(
    found.map(({ what }) => what.split(':', 1)[0]),
    ['RedisBackend', '#dedupe', 'softTtlMs'],
  );
});

test('the rules about texts find what is planted', () => {
  const lines = (rule: TextRule, text: string): number[] => textFindings('x', text, rule).map(({ line }) => line);
  assert.deepEqual(lines(unfinished, `// ${'TO' + 'DO'}: more\nmethods`), [1]);
  assert.deepEqual(
    lines(machinePath, `cd ${'/ho'}me/x\n/etc/x\n../work/x\n"${'C:'}\\\\x"\nhttp://a/${'home'}/x`),
    [1, 4],
  );
  assert.deepEqual(lines(registry, `registry${'='}x\nhttps://${'registry.npm'}js.org\nregistry.add()`), [1, 2]);
});
