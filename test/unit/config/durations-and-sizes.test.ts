// Goal: durations and sizes are read exactly or refused with what is allowed. Method: tables of examples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDurationMs, parseDurationMs } from '../../../src/config/durations.ts';
import { formatSizeBytes, parseSizeBytes } from '../../../src/config/sizes.ts';

const ANY = { min: 0, max: Number.MAX_SAFE_INTEGER };

test('durations are read in every unit and in sums of them', () => {
  const examples = { '250ms': 250, '30s': 30_000, '5m': 300_000, '1h': 3_600_000, '7d': 604_800_000, '0s': 0 };
  for (const [text, ms] of Object.entries(examples)) assert.equal(parseDurationMs(text, '--drain', ANY), ms);
  assert.equal(parseDurationMs('1h30m', '--drain', ANY), 5_400_000);
  assert.equal(parseDurationMs('1.001s', '--drain', ANY), 1001);
});

test('what is no duration is refused, naming the place and the form', () => {
  for (const text of ['', '5', '5 m', '-1s', '1w', '0.5ms', 's', '1S', '1h ']) {
    assert.throws(() => parseDurationMs(text, '--drain', ANY), {
      name: 'ConfigError',
      message: `--drain: expected a duration in whole milliseconds such as 250ms, 30s, 1h or 7d, found "${text}"`,
    });
  }
});

test('a duration is accepted at its bounds and refused one past them', () => {
  const range = { min: 1, max: 60_000 };
  assert.equal(parseDurationMs('1ms', '--drain', range), 1);
  assert.equal(parseDurationMs('1m', '--drain', range), 60_000);
  assert.throws(() => parseDurationMs('0s', '--drain', range), { message: '--drain: expected 1ms to 1m, found 0s' });
  assert.throws(() => parseDurationMs('60001ms', '--drain', range), /expected 1ms to 1m, found 60001ms/);
});

test('sizes are read in every unit', () => {
  const examples = { '512KiB': 524_288, '64MiB': 67_108_864, '1.5GiB': 1_610_612_736, '4096': 4096, '7B': 7 };
  for (const [text, bytes] of Object.entries(examples)) assert.equal(parseSizeBytes(text, '--capacity', ANY), bytes);
});

test('what is no size is refused, naming the place and the form', () => {
  for (const text of ['', '64MB', '64 MiB', '-1', '1.5', '0x10', '1e3', '99999999TiB']) {
    assert.throws(() => parseSizeBytes(text, '--capacity', ANY), {
      name: 'ConfigError',
      message: `--capacity: expected whole bytes or a size such as 512KiB, 64MiB or 1GiB, found "${text}"`,
    });
  }
});

test('a size is accepted at its bounds and refused one past them', () => {
  const range = { min: 65_536, max: 131_072 };
  assert.equal(parseSizeBytes('64KiB', '--capacity', range), 65_536);
  assert.equal(parseSizeBytes('128KiB', '--capacity', range), 131_072);
  assert.throws(() => parseSizeBytes('65535', '--capacity', range), /expected 64KiB to 128KiB, found 65535/);
  assert.throws(() => parseSizeBytes('131073', '--capacity', range), /expected 64KiB to 128KiB, found 131073/);
});

test('whatever is formatted reads back as it was', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (amount) => {
      assert.equal(parseDurationMs(formatDurationMs(amount), '', ANY), amount);
      assert.equal(parseSizeBytes(formatSizeBytes(amount), '', ANY), amount);
    }),
  );
});
