// Goal: the example in docs/operations.md is a file that works and shows every key. Method: it is cut out of the document,
// loaded as the server loads it, and its namespaces are opened.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NamespaceRegistry } from '../../src/cache/namespace-registry.ts';
import { type Config, defaultConfig, defaultFleet } from '../../src/config/config.ts';
import { namespaceKeys } from '../../src/config/namespace-keys.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { MemoryControlDocuments } from '../../src/store/memory/memory-control-documents.ts';
import { openMemoryStore } from '../support/open-memory-store.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { readText } from './support/repository.ts';

const [SOLO = '', FLEET = ''] = [...readText('docs/operations.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => text!,
);

async function loadExample(text = SOLO): Promise<Config> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-example-'));
  try {
    const file = join(folder, 'reprise.yaml');
    writeFileSync(file, text);
    return await resolveConfig({ flags: new Map([['config', file]]), env: {} });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the example loads, and is the default where there is one', async () => {
  const { nodeName, tls, stateDir, namespaces, ...rest } = await loadExample();
  const { nodeName: _name, tls: _tls, stateDir: _stateDir, namespaces: _namespaces, ...defaults } = defaultConfig;
  assert.deepEqual(rest, defaults);
  assert.deepEqual(Object.keys(tls!), ['certFile', 'keyFile', 'clientCaFile']);
  assert.equal(nodeName, 'cache-1');
  assert.equal(stateDir, '/var/lib/reprise');
  assert.equal(namespaces.length, 1);
});

test('the example of a fleet goes with it in place of the state directory, at the defaults where there are some', async () => {
  const { fleet } = await loadExample(`${SOLO.replace(/^state: .*$/m, '')}${FLEET}`);
  const { redisPrefix, maxLagMs, heartbeatMs, auditPerSecond, redisTls, sentinelLogin } = fleet!;
  assert.deepEqual({ redisPrefix, maxLagMs, heartbeatMs, auditPerSecond }, defaultFleet);
  assert.ok(Object.values(redisTls).every((value) => value !== undefined) && sentinelLogin !== undefined);
  await assert.rejects(loadExample(`${SOLO}${FLEET}`), /--state and --redis exclude each other/);
});

test('the example shows every setting of a namespace, at its default', async () => {
  const { namespaces } = await loadExample();
  const settings = Object.fromEntries(namespaceKeys.map((key) => [key.field, key.default]));
  assert.deepEqual(namespaces[0]!.settings, settings);
});

test('the namespaces of the example fit into its capacity', async () => {
  const { capacityBytes, namespaces } = await loadExample();
  const { store, clock } = openMemoryStore();
  const parts = { store, clock, random: new SeededRandom(1), documents: new MemoryControlDocuments(), capacityBytes };
  const registry = await NamespaceRegistry.open(parts, namespaces);
  assert.deepEqual(
    registry.all().map(({ name }) => name),
    ['default', 'products'],
  );
});
