import { NEGATIVE_CONTENT, valueContent, writeEntry } from '../calls/write.ts';
import type { ClientParts } from '../client-parts.ts';
import { CodecError, InvalidArgumentError, NotFoundError, RepriseError } from '../errors.ts';
import { CacheServiceService } from '../gen/reprise/v1/cache_service.ts';
import type { Guard } from './lease-read.ts';
import type { Job } from './options.ts';

/**
 * Keeps a computed value, if nothing changed meanwhile. Throws only what the caller must mend: a value without a form, or
 * an argument that the server refuses. Everything else means that the value is not kept, and it is the caller's all the same.
 */
export async function keepComputed(parts: ClientParts, job: Job, value: unknown, guard: Guard): Promise<void> {
  // Deliberate: what nothing guards is not kept. The source may have changed while the value was computed.
  if (guard.kind === 'none') return;
  try {
    await write(parts, job, value, guard);
  } catch (error) {
    await releaseLease(parts, job, guard);
    if (isCallersMistake(error)) throw error;
  }
}

/** Hands a lease on to the next caller. If that fails, it ends by itself. */
export async function releaseLease(
  { caller, namespace }: ClientParts,
  { key, options }: Job,
  guard: Guard,
): Promise<void> {
  if (guard.kind !== 'lease') return;
  const request = { namespace, key, leaseId: guard.id };
  const { timeoutMs } = options;
  await caller.call(CacheServiceService.releaseLease, request, { timeoutMs }).catch(() => undefined);
}

async function write(
  parts: ClientParts,
  job: Job,
  value: unknown,
  guard: Exclude<Guard, { kind: 'none' }>,
): Promise<void> {
  const { timeoutMs, tags, ttlMs, staleWindowMs, negativeTtlMs, codec } = job.options;
  const how = { timeoutMs, tags, ...conditionOf(guard) };
  if (value !== undefined) {
    await writeEntry(parts, job.key, valueContent(parts, value, codec), { ttlMs, staleWindowMs, ...how });
  } else if (negativeTtlMs !== undefined) {
    await writeEntry(parts, job.key, NEGATIVE_CONTENT, { ttlMs: negativeTtlMs, ...how });
  } else {
    await releaseLease(parts, job, guard);
  }
}

function conditionOf(guard: Exclude<Guard, { kind: 'none' }>) {
  switch (guard.kind) {
    case 'lease':
      return { condition: { leaseId: guard.id } };
    case 'fence':
      return { condition: { fence: guard.fence } };
    case 'fallback':
      // A node that writes by itself honours neither conditions nor request ids.
      return { onceOnly: false, triesMax: 1 };
  }
}

function isCallersMistake(error: unknown): boolean {
  if (!(error instanceof RepriseError)) return true;
  return error instanceof CodecError || error instanceof InvalidArgumentError || error instanceof NotFoundError;
}
