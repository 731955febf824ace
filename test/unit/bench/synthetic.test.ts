// Goal: the shipped trace is what its generator makes. Method: generate it again and compare the text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { shippedOptions, shippedTracePath, syntheticText } from '../../../bench/traces/synthetic.ts';

const bytesMax = 300_000;

test('generating the shipped trace again gives the same bytes of text', () => {
  const shipped = gunzipSync(readFileSync(shippedTracePath));
  assert.ok(Buffer.from(syntheticText(shippedOptions)).equals(shipped), 'run: node bench/traces/synthetic.ts');
});

test('the shipped trace is small', () => {
  assert.ok(readFileSync(shippedTracePath).length < bytesMax);
});

test('keys are dense and numbered in order of first appearance', () => {
  let next = 0;
  for (const line of syntheticText(shippedOptions).trimEnd().split('\n')) {
    assert.ok(Number(line) <= next, line);
    if (Number(line) === next) next += 1;
  }
});

test('another seed makes another trace', () => {
  assert.notEqual(syntheticText({ ...shippedOptions, seed: 1 }), syntheticText(shippedOptions));
});
