import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  logVerbosity,
  Server,
  type ServerCredentials,
  type ServerOptions,
  setLogVerbosity,
} from '@grpc/grpc-js';
import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { callGroupOf } from './call-groups.ts';
import { type GeneratedMethod, type Refuse, receivingDefinition } from './message-codec.ts';
import { OpenStreams, type ServiceHost } from './open-streams.ts';
import { overloadRefusal } from './overload-refusals.ts';
import { type StreamHandler, serverStream } from './server-stream.ts';
import type { ServiceHandlers } from './service-handlers.ts';
import { keepStreamsInSlots } from './session-streams.ts';
import { StreamWindows } from './stream-windows.ts';
import { type Edge, type UnaryHandler, unary } from './unary.ts';

/** A generated service definition. */
export type ServiceDefinition = Readonly<Record<string, GeneratedMethod>>;

/** What grpc-js calls for a method. */
export type MethodHandler = handleUnaryCall<unknown, unknown> | handleServerStreamingCall<unknown, Buffer>;

/** Returns what is called instead of a method's handler. `rpc` is such as `reprise.v1.CacheService/Get`. */
export type MethodWrapper = (rpc: string, method: GeneratedMethod, handler: MethodHandler) => MethodHandler;

/** Beyond the limit so far that our own typed error can still be given; grpc-js refuses what is larger. */
const MESSAGE_SLACK_BYTES = 1024 * 1024;

const options: ServerOptions = {
  'grpc.max_receive_message_length': limits.messageBytesMax + MESSAGE_SLACK_BYTES,
  'grpc.max_send_message_length': limits.messageBytesMax,
  'grpc.max_concurrent_streams': limits.streamsPerConnectionMax,
  // grpc-js sets no bound of its own.
  'grpc-node.max_session_memory': limits.sessionMegabytesMax,
  // Nobody asks for channelz; keeping its books takes 2 µs a call.
  'grpc.enable_channelz': 0,
  // Finds peers that vanished without a word.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/** Methods whose streams last for as long as their callers like. */
const LASTING_PATHS = [
  '/reprise.v1.InvalidationService/Subscribe',
  '/grpc.health.v1.Health/Watch',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
] as const;

/** How long a drain may take. */
export interface DrainBound {
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly callsInFlight: () => number;
}

/** Milliseconds that streams, and calls whose request is still on its way, get when nothing else is left. */
const STREAM_END_MS = 5000;

/** The gRPC port: services are added, it is bound, it drains. */
export class GrpcServer {
  readonly #server = new Server(options);
  readonly #streams = new OpenStreams();
  readonly #windows = new StreamWindows(LASTING_PATHS);
  readonly #edge: Edge;
  readonly #around: MethodWrapper | undefined;

  /** @param around stands around every method. Default: nothing does */
  constructor(edge: Edge, around?: MethodWrapper) {
    // What goes wrong is told by our own log, in our own form.
    setLogVerbosity(logVerbosity.NONE);
    keepStreamsInSlots();
    this.#edge = edge;
    this.#around = around;
  }

  /** Adds a service: every method goes the one request path, `unary` or `serverStream`. */
  add<Definition extends ServiceDefinition>(definition: Definition, handlers: ServiceHandlers<Definition>): void {
    const calls = Object.entries(definition).map(([name, method]) => {
      const handler: unknown = handlers[name as keyof Definition];
      const rpc = method.path.slice(1);
      const call = method.responseStream
        ? serverStream(this.#edge, rpc, handler as StreamHandler<unknown>)
        : unary(this.#edge, rpc, handler as UnaryHandler<unknown, unknown>);
      return [name, this.#around?.(rpc, method, call as MethodHandler) ?? call] as const;
    });
    this.#server.addService(receivingDefinition(definition, this.#refuse), Object.fromEntries(calls));
  }

  readonly #refuse: Refuse = (path) => {
    const { shedder, random } = this.#edge;
    const group = callGroupOf(path.slice(1));
    return group && (() => (shedder.refuses(group) ? overloadRefusal(random) : undefined));
  };

  /** Lets a library add its own service. Its streams end when the server drains. */
  extend(add: (host: ServiceHost) => void): void {
    add(this.#streams.host(this.#server));
  }

  /** Lets each connection have so many calls open from now on. */
  limitStreams(streamsMax: number): void {
    this.#windows.limit(streamsMax);
  }

  /** Listens on an address such as `127.0.0.1:7171`, port 0 for any that is free. Returns the port. */
  bind(address: string, credentials: ServerCredentials): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (cause, port) => {
        if (cause === null) {
          this.#windows.open(port);
          return resolve(port);
        }
        const message = `can't serve gRPC on ${address}: is the port taken? Choose another with --listen HOST:PORT`;
        return reject(new Error(message, { cause }));
      });
    });
  }

  /**
   * Takes no new calls and waits until those in flight are answered, for `patienceMs` at most; then cuts them off. Once
   * no call is in flight it waits 5 s more at most, for streams to end: a caller who stopped reading would hold it for
   * ever. Returns true if nothing was cut off.
   */
  drain({ clock, patienceMs, callsInFlight }: DrainBound): Promise<boolean> {
    this.#streams.endAll();
    const startedAtMs = clock.monotonicMs();
    return new Promise((resolve) => {
      let timer: Timer;
      const finish = (clean: boolean): void => {
        timer.stop();
        this.#windows.close();
        resolve(clean);
      };
      const look = (): void => {
        const leftMs = patienceMs - (clock.monotonicMs() - startedAtMs);
        if (leftMs > 0 && callsInFlight() > 0) {
          timer = clock.startTimer(Math.min(leftMs, STREAM_END_MS), look);
          return;
        }
        this.close();
        finish(false);
      };
      timer = clock.startTimer(Math.min(patienceMs, STREAM_END_MS), look);
      this.#server.tryShutdown(() => finish(true));
    });
  }

  /**
   * Stops for good. Connections that did not end go with the process: while channelz is off, grpc-js 1.14.7 finds none to
   * cut (it looks in channelz' own list).
   */
  close(): void {
    this.#server.forceShutdown();
  }
}
