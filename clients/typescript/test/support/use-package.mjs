// Uses the built package by its name, as an application does: started by a test, on the oldest Node that it promises.
import assert from 'node:assert/strict';
import { CodecError, connect, msgpackCodec, RepriseError } from 'reprise-client';

const [address] = process.argv.slice(2);
const client = await connect(address, { nearCache: true });
await client.set('built', { a: [1] }, { tags: ['t'] });
const found = await client.get('built');
assert.deepEqual(found.valueOr(undefined), { a: [1] });
assert.equal(await client.getOrCompute('built:computed', {}, () => 'v'), 'v');
await client.set('built:packed', new Date(5), { codec: msgpackCodec });
assert.deepEqual((await client.get('built:packed')).valueOr(undefined), new Date(5));
await assert.rejects(client.get(''), RepriseError);
await assert.rejects(client.set('built', NaN), CodecError);
const subscription = client.subscribe({ includeOwn: true });
setTimeout(() => client.delete('built'), 100);
const told = [];
for await (const change of subscription.changes) {
  told.push(change.cause);
  break;
}
for (let i = 0; i < 3000 && !client.nearStats().serving; i++) await new Promise((resolve) => setTimeout(resolve, 10));
const { serving } = client.nearStats();
await client[Symbol.asyncDispose]();
console.log(JSON.stringify({ node: process.versions.node, told, serving }));
