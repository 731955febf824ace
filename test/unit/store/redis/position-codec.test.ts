// Goal: positions come back as they were packed, whichever was read before. Method: positions of several epochs in turns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import { packPosition, readPosition } from '../../../../src/store/redis/position-codec.ts';

test('an epoch is the right one, also where another one was read before', () => {
  const epochs = ['0000000000000000', 'ffffffff00000000', '00000000ffffffff', '0123456789abcdef'] as Epoch[];
  for (const epoch of [...epochs, ...epochs.toReversed(), ...epochs]) {
    const position = { epoch, number: 2 ** 47 + 5 };
    assert.deepEqual(readPosition(packPosition(position), 0), position);
    assert.deepEqual(readPosition(packPosition(position), 0), position);
  }
});
