// Goal: the command line says what an answer is worth that was given without the store, and gives and shows every setting
// of a namespace. Method: messages by hand; settings to a message and back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { addSettingOptions, givenSettings, settingsJson, settingTexts } from '../../../src/cli/namespace-options.ts';
import type { Reading } from '../../../src/cli/read-entries.ts';
import { changeJson, showChange } from '../../../src/cli/show-change.ts';
import { metadataText, readingJson, readingRows } from '../../../src/cli/show-reading.ts';
import { namespaceKeys } from '../../../src/config/namespace-keys.ts';
import { Hit, Stored } from '../../../src/gen/reprise/v1/entry.ts';
import { ReadFallback, WriteFallback } from '../../../src/gen/reprise/v1/namespace.ts';

const NOTHING = Buffer.alloc(0);
const HOUR = { seconds: 3600n, nanos: 0 };

function shown(): { text: string; output: Parameters<typeof showChange>[0] } {
  const all = { text: '' };
  const add = (chunk: string | Uint8Array): void => {
    all.text += String(chunk);
  };
  const output = {
    isTerminal: false,
    data: add,
    json: () => {},
    notice: add,
    paint: (_look: string, text: string) => text,
  };
  return Object.assign(all, { output });
}

function reading(parts: Partial<Hit>): Extract<Reading, { outcome: 'hit' }> {
  const hit = { ...Hit.decode(NOTHING), freshFor: HOUR, keepFor: HOUR, ...parts };
  return { outcome: 'hit', key: 'k', hit, value: Buffer.from('v') };
}

test('an unverified hit is told as one, in JSON, in a table and beside its value; others say nothing of it', () => {
  const { output } = shown();
  const plain = reading({ revision: 'r-1' });
  assert.equal('unverified' in JSON.parse(JSON.stringify(readingJson(plain))), false);
  assert.doesNotMatch(metadataText(plain, output), /unverified/);
  assert.equal(readingRows([plain])[1]![1], 'hit');
  const stale = reading({ revision: 'r-1', stale: true, unverified: true });
  assert.equal(readingJson(stale)['unverified'], true);
  assert.match(metadataText(stale, output), /^unverified +yes, the store could not be asked$/m);
  assert.equal(readingRows([stale])[1]![1], 'unverified stale hit');
  const negative = { outcome: 'negative', key: 'k', hit: stale.hit } as const;
  assert.equal(readingRows([negative])[1]![1], 'unverified negative');
});

test('what was written locally has no revision, and none is shown', () => {
  const local = reading({ unverified: true });
  assert.doesNotMatch(metadataText(local, shown().output), /revision/);
  assert.equal(readingJson(local)['revision'], undefined);
});

test('a Set that only the node keeps is told as one, without revision and token', () => {
  const facts = { ...Stored.decode(NOTHING), freshFor: HOUR, keepFor: HOUR, local: true };
  const change = { key: 'k', outcome: 'stored', facts };
  const { revision, token, local } = changeJson(change);
  assert.deepEqual([revision, token, local], [undefined, undefined, true]);
  const seen = shown();
  assert.equal(showChange(seen.output, {}, change), 'done');
  assert.match(
    seen.text,
    /^stored +k\nlocal +yes, the store could not be reached: .*\nfresh for +1h.*\nkept for +1h\n$/,
  );
  assert.equal(changeJson({ ...change, facts: { ...facts, local: false } })['local'], undefined);
});

test('every setting is given on a command line as it is shown', () => {
  const command = addSettingOptions(new Command('c').exitOverride(), { withDefaults: true });
  const texts = {
    readFallback: 'miss',
    writeFallback: 'local',
    localTtl: '20s',
    capacity: '16MiB',
    ttlJitterRatio: '0.1',
  };
  const flags = { readFallback: '--read-fallback', writeFallback: '--write-fallback', localTtl: '--local-ttl' };
  const named: Record<string, string> = { ...flags, capacity: '--capacity', ttlJitterRatio: '--ttl-jitter-ratio' };
  const args = Object.entries(texts).flatMap(([name, text]) => [named[name]!, text]);
  command.parse(args, { from: 'user' });
  const settings = givenSettings(command);
  assert.deepEqual([settings.readFallback, settings.writeFallback], [ReadFallback.MISS, WriteFallback.LOCAL]);
  assert.deepEqual({ ...settingTexts(settings), ...texts }, settingTexts(settings));
  const { readFallback, localTtlMs, capacityBytes } = settingsJson(settings);
  assert.deepEqual([readFallback, localTtlMs, capacityBytes], ['miss', 20_000, 16 * 1024 * 1024]);
  assert.equal(settings.maxTtl, undefined, 'what is not named is absent');
});

test('a word that a later server sends is shown as its number', () => {
  const command = addSettingOptions(new Command('c'), { withDefaults: false });
  const settings = { ...givenSettings(command), readFallback: 9 as ReadFallback };
  assert.equal(settingsJson(settings)['readFallback'], '9');
});

test('each choice is completed by its words', () => {
  const command = addSettingOptions(new Command('c'), { withDefaults: false });
  for (const key of namespaceKeys) {
    if (key.kind !== 'word') continue;
    const choices = command.options.flatMap(({ argChoices }) => (argChoices === undefined ? [] : [argChoices]));
    assert.ok(
      choices.some((words) => words.join() === key.words.join()),
      key.name,
    );
  }
});
