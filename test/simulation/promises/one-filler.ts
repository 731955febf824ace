import type { StoredLease } from '../../../src/cache/rules/lease.ts';
import { covers } from '../../../src/cache/rules/selector.ts';
import type { Server } from '../store/server.ts';
import { stands } from '../truth/effect.ts';
import type { Grant } from '../truth/truth.ts';
import { type Value, valueWords } from '../truth/value.ts';
import type { World } from '../world.ts';

/** Judges a lease that a server granted: no other may be valid. */
export function checkGrant(world: World, server: Server, key: string, lease: StoredLease): void {
  const { truth, nowMs } = world;
  if (server.deposedAtMs !== undefined) return;
  const grants = truth.grants.get(key) ?? [];
  truth.grants.set(key, grants);
  const other = grants.findLast((earlier) => isInForce(world, earlier) && !isCovered(world, earlier));
  if (other !== undefined) {
    truth.breach(
      'OneFiller',
      () => `at ${nowMs} ${lease.id} of ${key} was granted while ${grantWords(other)} is valid`,
    );
  }
  const seenSerial = truth.effectAt(world.control, lease.stamp)?.serial ?? 0;
  const afterSerial = server.state.last?.serial ?? 0;
  grants.push({ key, partition: server.partition, lease, grantedAtMs: nowMs, seenSerial, afterSerial, lost: false });
}

/** Judges a fill that a server is about to apply: its lease is in force, and no newer one is. */
export function checkFill(world: World, server: Server, value: Value, leaseId: string): void {
  if (server.deposedAtMs !== undefined) return;
  const grants = (world.truth.grants.get(value.key) ?? []).filter(({ lost }) => !lost);
  const newest = grants.at(-1);
  if (newest !== undefined && newest.lease.id === leaseId && isInForce(world, newest)) return;
  world.truth.breach('OneFiller', () => `at ${world.nowMs} ${valueWords(value)} was filled under the void ${leaseId}`);
}

/** Not lost, not over, and the key has not changed since. */
function isInForce(world: World, { key, lease, lost, afterSerial }: Grant): boolean {
  if (lost || world.nowMs >= lease.endsAtMs) return false;
  const changes = world.truth.keyChanges.get(key) ?? [];
  return !changes.some(({ effect }) => stands(effect) && effect.serial > afterSerial);
}

/** A wide change came since the miss was judged: the lease may have been void. A table that folds covers more. */
function isCovered(world: World, { key, seenSerial }: Grant): boolean {
  return world.truth.invalidations.some(
    ({ selector, effects, reissues }) =>
      (world.folds > 0 || covers(selector, { key, tags: [] })) &&
      [...effects, ...reissues].some(({ serial }) => serial > seenSerial),
  );
}

function grantWords({ lease, grantedAtMs }: Grant): string {
  return `${lease.id} (granted at ${grantedAtMs}, until ${lease.endsAtMs})`;
}
