// Goal: Doctor and `reprise doctor` tell what is wrong with a server, and a script sees it by the exit code. Method: a real
// server with checks of the test beside its own, the RPC and the real command.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Finding } from '../../src/admin/check.ts';
import { AdminServiceService, Severity } from '../../src/gen/reprise/v1/admin_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { cacheCalls } from '../support/cache-calls.ts';
import { type CliEnd, jsonLines, runCli } from '../support/cli-process.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const WRONG: Finding = { severity: 'error', what: 'it is on fire', whatToDo: 'Put it out.' };
const LOOKED_AFTER: Finding = { severity: 'warning', what: 'it is hot', whatToDo: 'Cool it.' };
const OWN = ['capacity', 'watermarks', 'subscribers', 'documents'];

let server: TestServer;
let planted: readonly Finding[] = [];

before(async () => {
  server = await startTestServer({ checks: [{ name: 'planted', look: () => planted }] });
});

beforeEach(() => {
  planted = [];
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

function doctor(...args: string[]): Promise<CliEnd> {
  return runCli(['doctor', ...args], { server: server.address });
}

test('a server names its checks, and tells what is worth knowing', async () => {
  const { checks, findings } = await server.call(AdminServiceService.doctor, {});
  assert.deepEqual(checks, ['planted', ...OWN]);
  assert.deepEqual(
    findings.map(({ check, severity }) => [check, severity]),
    [['documents', Severity.INFO]],
  );
});

test('findings carry what is the case and what to do, the gravest first', async () => {
  planted = [LOOKED_AFTER, WRONG];
  const { findings } = await server.call(AdminServiceService.doctor, {});
  assert.deepEqual(findings[0], {
    check: 'planted',
    severity: Severity.ERROR,
    what: 'it is on fire',
    whatToDo: 'Put it out.',
  });
  assert.deepEqual(
    findings.map(({ severity }) => severity),
    [Severity.ERROR, Severity.WARNING, Severity.INFO],
  );
});

test('a namespace that evicts is named', async () => {
  await using full = await startTestServer();
  await createNamespace(full, 'small', { capacityBytes: 65_536n });
  const cache = cacheCalls(full, 'small');
  for (let at = 0; at < 10; at++) await cache.stored(`k${at}`, 'v'.repeat(10_000));
  const { findings } = await full.call(AdminServiceService.doctor, {});
  const [first] = findings;
  assert.deepEqual([first?.check, first?.severity], ['capacity', Severity.WARNING]);
  assert.match(first!.what, /^small: full; \d entries left memory/);
});

test('reprise doctor ends with 0 when all is well, and names the checks', async () => {
  const { code, text, stderr } = await doctor();
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(text, /^INFO {4}documents {2}namespaces that callers create/);
  assert.match(text, /\n5 checks: planted, capacity, watermarks, subscribers, documents; all is well\n$/);
});

test('a warning is told with what to do, and no failure', async () => {
  planted = [LOOKED_AFTER];
  const { code, text } = await doctor();
  assert.equal(code, 0);
  assert.match(text, /^WARNING planted {2}it is hot\n {8}Cool it\.\n/);
  assert.match(text, /; 0 wrong, 1 to look after\n$/);
});

test('something wrong ends with 1, also as JSON', async () => {
  planted = [WRONG];
  assert.equal((await doctor()).code, 1);
  const end = await doctor('--json');
  assert.equal(end.code, 1);
  const [{ checks, findings } = {}] = jsonLines(end) as { checks?: string[]; findings?: object[] }[];
  assert.deepEqual(checks, ['planted', ...OWN]);
  assert.deepEqual(findings?.[0], {
    check: 'planted',
    severity: 'ERROR',
    what: 'it is on fire',
    whatToDo: 'Put it out.',
  });
});
