// Goal: no live request id is ever forgotten. Method: at the limits of number and age, and one past them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import { RequestIds } from '../../../src/store/memory/request-ids.ts';
import type { Applied, NamespaceId } from '../../../src/store/store.ts';

const T0 = 1_800_000_000_000;
const ref = { namespaceId: 'ns' as NamespaceId, key: 'k' };

function appliedAt(nowMs: number): Applied {
  const position = { epoch: '00112233aabbccdd' as Epoch, number: 1 };
  const plain = { existed: false, lifetime: undefined, note: undefined, repeated: false };
  return { kind: 'applied', position, stamp: position, moment: [], nowMs, ...plain };
}

function fill(requestIds: RequestIds, count: number): void {
  for (let i = 0; i < count; i++) {
    requestIds.reserve(T0);
    requestIds.remember(ref, { requestId: `id-${i}` }, appliedAt(T0));
  }
}

describe('request ids', () => {
  it('are remembered up to the limit; beyond it the change is refused until the oldest is due', () => {
    const requestIds = new RequestIds(3);
    fill(requestIds, 3);
    assert.throws(
      () => requestIds.reserve(T0 + 1000),
      (error) => {
        assert.ok(error instanceof OperatingError && error.reason === 'REQUEST_IDS_FULL');
        assert.equal(error.detail.retryAfterMs, limits.requestIdAgeMsMax - 999);
        requestIds.reserve(T0 + 1000 + error.detail.retryAfterMs!);
        return true;
      },
    );
    requestIds.validate();
  });

  it('keep every live one when full', () => {
    const requestIds = new RequestIds(2);
    fill(requestIds, 2);
    assert.throws(() => requestIds.reserve(T0 + limits.requestIdAgeMsMax));
    for (const id of ['id-0', 'id-1']) {
      assert.equal(requestIds.recall(ref, id, T0 + limits.requestIdAgeMsMax)?.repeated, true);
    }
  });

  it('are forgotten one millisecond past their age', () => {
    const requestIds = new RequestIds();
    fill(requestIds, 1);
    assert.equal(requestIds.recall(ref, 'id-0', T0 + limits.requestIdAgeMsMax + 1), undefined);
    assert.equal(requestIds.forgetOld(T0 + limits.requestIdAgeMsMax, 10), 0);
    assert.equal(requestIds.forgetOld(T0 + limits.requestIdAgeMsMax + 1, 10), 1);
  });

  it('are forgotten as many at a time as allowed', () => {
    const requestIds = new RequestIds();
    fill(requestIds, 10);
    assert.equal(requestIds.forgetOld(T0 + 2 * limits.requestIdAgeMsMax, 4), 4);
    requestIds.validate();
  });
});
