import type { AdvancingClock } from '../../base/advancing-clock.ts';
import type { Clock } from '../../base/clock.ts';
import { TestServiceService } from '../../gen/reprise/testing/v1/test_service.ts';
import type { GrpcServer, MethodWrapper } from '../grpc-server.ts';
import { CallJournal } from './call-journal.ts';
import { Connections } from './connections.ts';
import { FaultTable } from './fault-table.ts';
import { faultyCalls } from './faulty-calls.ts';
import { OpenSubscribes } from './open-subscribes.ts';
import { testService } from './test-service.ts';

/** What a server needs for tests to decide what fails. */
export interface TestingModeParts {
  /** By which injected delays and the deadlines of calls count: nobody moves it. */
  readonly clock: Clock;
  /** What AdvanceTime moves. Absent: time is the store's. */
  readonly advancing: AdvancingClock | undefined;
  /** All methods that a fault may concern, such as `reprise.v1.CacheService/Get`. */
  readonly rpcs: readonly string[];
}

/** TestService, and what it does to the calls of a server. */
export interface TestingMode {
  /** Stands around the methods of all services. */
  readonly around: MethodWrapper;
  /** Adds TestService. */
  addTo(grpc: GrpcServer): void;
  /** Lets go of connections. */
  close(): void;
}

/** Opens the testing mode of a server: no fault waits yet. */
export function openTestingMode({ clock, advancing, rpcs }: TestingModeParts): TestingMode {
  const connections = new Connections();
  connections.open();
  const [faults, journal, streams] = [new FaultTable(), new CallJournal(), new OpenSubscribes(connections)];
  return {
    around: faultyCalls({ clock, faults, journal, connections, streams }),
    addTo: (grpc) => grpc.add(TestServiceService, testService({ faults, journal, streams, advancing, rpcs })),
    close: () => connections.close(),
  };
}
