// Goal: self time goes to the right function and origin. Method: a made-up profile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addUp, type CpuProfile, originOf, selfTimes, shortPath, tailOf } from '../../../bench/profile/cpu-profile.ts';

const node = (id: number, functionName: string, url: string): CpuProfile['nodes'][number] => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

const profile: CpuProfile = {
  nodes: [
    node(1, 'get', 'file:///x/src/cache/get.ts'),
    node(2, 'get', 'file:///x/src/cache/get.ts'),
    node(3, '(idle)', ''),
  ],
  samples: [1, 3, 2, 3],
  timeDeltas: [5, 10, 20, 40],
};

test('a sample lasts until the next one; one function called from two places is one', () => {
  const times = selfTimes(profile).map(({ name, selfUs }) => [name, selfUs]);
  assert.deepEqual(times, [
    ['get src/cache/get.ts:10', 50],
    ['(idle)', 20],
  ]);
});

test('the tail leaves out what came before', () => {
  assert.deepEqual(tailOf(profile, 50).samples, [2, 3]);
  assert.deepEqual(tailOf(profile, 1e9).samples, profile.samples);
});

test('groups add up', () => {
  assert.deepEqual(addUp(selfTimes(profile), () => 'all')[0]?.selfUs, 70);
});

test('every kind of code has its origin', () => {
  const origins = [
    ['f', 'file:///x/src/cache/get.ts', 'reprise'],
    ['f', 'file:///x/src/gen/reprise/v1/entry.ts', 'protobuf codec'],
    ['f', 'file:///x/node_modules/@bufbuild/protobuf/dist/a.js', 'protobuf codec'],
    ['f', 'file:///x/node_modules/@grpc/grpc-js/build/src/server.js', 'grpc-js'],
    ['f', 'file:///x/node_modules/pino/pino.js', 'other packages'],
    ['f', 'node:internal/http2/core', 'node http2 and streams'],
    ['f', 'node:events', 'other node'],
    ['f', 'wasm://wasm/1', 'other node'],
    ['(garbage collector)', '', 'gc'],
    ['(program)', '', 'native'],
    ['(idle)', '', 'idle'],
  ] as const;
  for (const [name, url, origin] of origins) assert.equal(originOf(name, url), origin, url);
});

test('paths are shortened to package or project', () => {
  assert.equal(shortPath('file:///x/node_modules/pino/pino.js'), 'pino/pino.js');
  assert.equal(shortPath('file:///x/src/main.ts'), 'src/main.ts');
  assert.equal(shortPath('node:events'), 'node:events');
});
