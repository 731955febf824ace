import type { AdvancingClock } from '../../base/advancing-clock.ts';
import { limits } from '../../base/limits.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { BreakStreamsRequest, Fault, TestServiceService } from '../../gen/reprise/testing/v1/test_service.ts';
import { durationOf } from '../durations.ts';
import { durationField, invalid, required } from '../request-fields.ts';
import type { ServiceHandlers } from '../service-handlers.ts';
import { failureField } from './failures.ts';
import type { CheckedFault, Effect } from './fault-table.ts';
import type { FaultyParts } from './faulty-calls.ts';
import type { Break } from './open-subscribes.ts';

/** Services whose methods a fault without a method concerns. */
const COMMON_SERVICES = ['reprise.v1.CacheService', 'reprise.v1.InvalidationService'] as const;

/** What the handlers of TestService work with. */
export interface TestServiceParts extends Pick<FaultyParts, 'faults' | 'journal' | 'streams'> {
  /** What AdvanceTime moves. Absent: time is the store's. */
  readonly advancing: AdvancingClock | undefined;
  /** All methods that a fault may concern, such as `reprise.v1.CacheService/Get`. */
  readonly rpcs: readonly string[];
}

/** Returns the handlers of TestService. */
export function testService(parts: TestServiceParts): ServiceHandlers<typeof TestServiceService> {
  const { faults, journal, streams, advancing, rpcs } = parts;
  return {
    advanceTime: ({ by }) => {
      if (advancing === undefined) throw clockShared();
      advancing.advance(spanField('by', durationField(by), limits.advanceMsMax));
      return { ahead: durationOf(advancing.aheadMs) };
    },
    injectFault: ({ fault }) => {
      faults.add(checkedFault(fault, rpcs));
      return {};
    },
    clearFaults: ({ namespace }) => ({ cleared: faults.clear(namespace) }),
    breakStreams: (request) => ({ broken: streams.break(request.namespace, breakOf(request)) }),
    listCalls: ({ namespace, method }) => ({ calls: journal.list(namespace, method) }),
  };
}

function clockShared(): OperatingError {
  return new OperatingError('CLOCK_SHARED', 'The time of a fleet is that of its store, which no node can move.');
}

function checkedFault(fault: Fault | undefined, rpcs: readonly string[]): CheckedFault {
  if (fault === undefined) throw required('fault');
  const { method, namespace, calls, afterWork } = fault;
  const named = method === '' ? COMMON_SERVICES : [method];
  const concerns = (rpc: string): boolean => named.some((name) => rpc === name || rpc.startsWith(`${name}/`));
  if (!rpcs.some(concerns)) {
    throw invalid('FAULT_INVALID', 'fault.method', 'There is no such method or service: name it with its package.');
  }
  const callsLeft = calls === 0 ? Number.POSITIVE_INFINITY : calls;
  return { effect: effectOf(fault.effect), afterWork, concerns, namespace, callsLeft };
}

function effectOf(effect: Fault['effect']): Effect {
  switch (effect?.$case) {
    case 'failure':
      return { kind: 'failure', failure: failureField(effect.value, 'fault.failure') };
    case 'delay':
      return { kind: 'delay', ms: spanField('fault.delay', durationField(effect.value), limits.injectedDelayMsMax) };
    case 'silence':
    case 'cut':
      return { kind: effect.$case };
    case undefined:
      throw required('fault.effect');
  }
}

function breakOf({ how }: BreakStreamsRequest): Break {
  if (how === undefined) throw required('how');
  return how.$case === 'failure'
    ? { kind: 'failure', failure: failureField(how.value, 'failure') }
    : { kind: how.$case };
}

function spanField(field: string, ms: number | undefined, msMax: number): number {
  if (ms === undefined) throw required(field);
  if (ms >= 0 && ms <= msMax) return ms;
  throw invalid('FAULT_INVALID', field, `${field} must be from 0 to ${msMax} ms.`, { msMax });
}
