import { GrpcServer, type MethodWrapper } from '../api/grpc-server.ts';
import { LoadShedder } from '../api/load-shedder.ts';
import type { CallMeter } from './call-meter.ts';
import { processTime } from './process-time.ts';
import type { ServerParts } from './server-parts.ts';

/** The gRPC port, and who keeps it from more than it can do. */
export interface ServerEdge {
  readonly grpc: GrpcServer;
  readonly shedder: LoadShedder;
}

/** Makes the edge of a server. Nothing is served and nobody refused before it is bound and started. */
export function makeEdge(
  { clock, loopClock = clock, callClock = clock, random }: ServerParts,
  meter: CallMeter,
  around: MethodWrapper | undefined,
): ServerEdge {
  const shedder = new LoadShedder({
    clock: loopClock,
    callsInFlight: () => meter.inFlight,
    processTime,
    onStreamsMax: (streamsMax) => grpc.limitStreams(streamsMax),
  });
  const grpc = new GrpcServer(
    { clock: callClock, random, observerOf: (rpc) => meter.observerOf(rpc), shedder },
    around,
  );
  return { grpc, shedder };
}
