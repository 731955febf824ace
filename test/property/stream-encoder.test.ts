// Goal: the short way of encoding changes writes the same bytes as the plain one. Method: random changes through both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventOf, streamEncoder } from '../../src/api/stream-encoder.ts';
import type { Epoch } from '../../src/cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../../src/cache/rules/selector.ts';
import {
  EventCause,
  InvalidationMode as Mode,
  SubscribeResponse,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import type { Author, Change, NamespaceId } from '../../src/store/store.ts';
import { invalidation, keyChange } from '../support/changes.ts';
import { checkProperty } from '../support/check-property.ts';

const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: 'binary', maxLength });
/** Lengths around the point at which a varint gets another byte, and the longest key there is. */
const longText = fc.constantFrom(1, 60, 100, 127, 128, 129, 1024).map((length) => 'k'.repeat(length));
const name = fc.oneof(text(100), longText);

const selector: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant<Selector>({ kind: 'namespace' }),
  name.map((prefix): Selector => ({ kind: 'prefix', prefix })),
  name.map((tag): Selector => ({ kind: 'tag', tag })),
  name.map((key): Selector => ({ kind: 'key', key })),
);
const what = fc.oneof(
  fc.record({ kind: fc.constantFrom('set', 'touch', 'delete'), key: name }),
  fc.record({
    kind: fc.constant('invalidate' as const),
    selector,
    mode: fc.constantFrom<InvalidationMode>('remove', 'mark-stale'),
  }),
);
const author: fc.Arbitrary<Author | undefined> = fc.option(
  fc.record({ actor: text(70), origin: text(64), traceparent: text(55) }),
  { nil: undefined },
);
const change: fc.Arbitrary<Change> = fc
  .record({ number: fc.maxSafeNat(), what, author, tags: fc.array(text(128), { maxLength: 3 }) })
  .map(({ number, what: kind, ...parts }) => {
    const position = { epoch: 'e'.repeat(16) as Epoch, number };
    return { namespaceId: 'n' as NamespaceId, partition: 0, position, ...parts, ...kind };
  });
const changes = fc.array(change, { maxLength: 8 });

test('changes are encoded as the generated code encodes them, every time', () => {
  checkProperty(
    fc.property(changes, fc.array(name, { minLength: 1, maxLength: 3 }), (happened, tokens) => {
      const encoder = streamEncoder();
      for (const token of tokens) {
        const event = { $case: 'events', value: { events: happened.map(eventOf), token } } as const;
        const plain = Buffer.from(SubscribeResponse.encode({ event }).finish());
        // An empty token is written too where the generated code leaves it out; the server never gives one.
        if (token !== '') assert.deepEqual(encoder.events(happened, token), plain);
      }
    }),
    2000,
  );
});

test('the bytes of a change are as many as it takes in a message, or a little less', () => {
  checkProperty(
    fc.property(changes, (happened) => {
      const encoder = streamEncoder();
      const alone = happened.reduce((sum, each) => sum + encoder.eventBytes(each), 0);
      const together = encoder.events(happened, '').length;
      assert.ok(together <= alone + 8 && together >= alone - 3 * happened.length);
    }),
    1000,
  );
});

test('an event says what happened, to what, by whom, and never a value', () => {
  const told = { actor: 'anonymous', origin: 'o', traceparent: 'trace' };
  const common = { revision: `${'e'.repeat(16)}-7`, actor: 'anonymous', traceparent: 'trace' };
  const cases = [
    [keyChange(7, 'k', { author: told }), { target: { $case: 'key', value: 'k' }, cause: EventCause.SET, mode: 0 }],
    [
      invalidation(7, { kind: 'key', key: 'k' }, { mode: 'mark-stale', author: told }),
      { target: { $case: 'key', value: 'k' }, cause: EventCause.KEY, mode: Mode.MARK_STALE },
    ],
    [
      invalidation(7, { kind: 'namespace' }, { author: told }),
      { target: { $case: 'wholeNamespace', value: {} }, cause: EventCause.NAMESPACE, mode: Mode.REMOVE },
    ],
  ] as const;
  for (const [happened, expected] of cases) assert.deepEqual(eventOf(happened), { ...expected, ...common });
  const unsaid = eventOf(keyChange(7, 'k'));
  assert.deepEqual([unsaid.actor, unsaid.traceparent], ['', '']);
});
