// Goal: docs/fleet.md says what the code says. Method: its flags, findings, names in Redis and rights are compared with
// the tables of the code, and with the rights under which the tests run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flags } from '../../src/config/flags.ts';
import { partitionKeys } from '../../src/store/redis/partition-keys.ts';
import type { NamespaceId } from '../../src/store/store.ts';
import { logEvents } from '../../src/telemetry/log-events.ts';
import { consoleCommands } from '../support/console-blocks.ts';
import { accessConfig } from '../support/redis/redis-access.ts';
import { readText } from './support/repository.ts';

const text = readText('docs/fleet.md');

test('it names no flag, variable or log event that does not exist', () => {
  const known = new Set(flags.flatMap(({ name, env }) => [`--${name}`, env]));
  // Of make fleet, and of redis-cli.
  for (const name of ['--port', '--cluster']) known.add(name);
  // Of the command line, in an example that is run.
  for (const { command } of consoleCommands(text)) {
    for (const [name] of command.matchAll(/(?<= )--[a-z][a-z-]+/g)) known.add(name);
  }
  const named = text.matchAll(/(?<=[\s`(*])--[a-z][a-z-]+|\bREPRISE_[A-Z_]+\b/g);
  assert.deepEqual(
    [...named].map(([name]) => name).filter((name) => !known.has(name)),
    [],
  );
  const events = new Set(Object.keys(logEvents));
  const rows = text.slice(text.indexOf('| log event |')).matchAll(/`([a-z]+[A-Z]\w+)`/g);
  assert.deepEqual(
    [...rows].map(([, name]) => name!).filter((name) => !events.has(name)),
    [],
  );
});

test('it explains every finding of the start, and no other', () => {
  const source = readText('src/store/redis/startup-finding.ts');
  const [declared = ''] = /type FindingCode =[^;]*;/.exec(source) ?? [];
  const codes = [...declared.matchAll(/\| '([\w-]+)'/g)].map(([, code]) => code!);
  const section = text.slice(text.indexOf('| code | refuses? |'), text.indexOf('## When Redis fails'));
  const explained = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code!);
  assert.ok(codes.length > 0);
  assert.deepEqual(explained.toSorted(), codes.toSorted());
});

test('it names everything that is kept in Redis', () => {
  const keys = partitionKeys('reprise:', '0');
  const ref = { namespaceId: 'ID' as NamespaceId, key: 'KEY' };
  const names = Object.values(keys).map((name) => (typeof name === 'string' ? name : nameOf(name, ref)));
  assert.ok(names.length > 10);
  const missing = names.filter((name) => !text.includes(name) && !text.includes(name.replace('reprise:{0}:', '…:')));
  assert.deepEqual(missing, []);
});

test('its ACL lines are those under which the tests run', () => {
  for (const sentinel of [false, true]) {
    const lines = accessConfig({ aclPrefix: 'reprise:' }, { port: 1, sentinel });
    const line = lines.find((each) => each.startsWith('user reprise '))!.replace(/ >\S+/, ' >PASSWORD');
    assert.deepEqual(wordsOf(text).includes(wordsOf(line)), true, line);
  }
});

type NameOf = ((ref: { namespaceId: NamespaceId; key: string }) => string) & ((id: NamespaceId) => string);

// Those of a key take a reference, those of a namespace its id.
function nameOf(name: unknown, ref: { namespaceId: NamespaceId; key: string }): string {
  try {
    return (name as NameOf)(ref);
  } catch {
    return (name as NameOf)(ref.namespaceId);
  }
}

function wordsOf(lines: string): string {
  return lines.split(/\s+/).join(' ');
}
