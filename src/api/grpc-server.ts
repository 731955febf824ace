import { logVerbosity, Server, type ServerCredentials, type ServerOptions, setLogVerbosity } from '@grpc/grpc-js';
import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { type GeneratedMethod, receivingDefinition } from './message-codec.ts';
import { OpenStreams, type ServiceHost } from './open-streams.ts';
import { type Edge, type ServiceHandlers, type UnaryHandler, unary } from './unary.ts';

/** A generated service definition. */
export type ServiceDefinition = Readonly<Record<string, GeneratedMethod>>;

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

/** The gRPC port: services are added, it is bound, it drains. */
export class GrpcServer {
  readonly #server = new Server(options);
  readonly #streams = new OpenStreams();
  readonly #edge: Edge;

  constructor(edge: Edge) {
    // What goes wrong is told by our own log, in our own form.
    setLogVerbosity(logVerbosity.NONE);
    this.#edge = edge;
  }

  /** Adds a service: every method goes the one request path of `unary`. */
  add<Definition extends ServiceDefinition>(definition: Definition, handlers: ServiceHandlers<Definition>): void {
    const calls = Object.entries(definition).map(([name, { path }]) => {
      const handler = handlers[name as keyof Definition] as UnaryHandler<unknown, unknown>;
      return [name, unary(this.#edge, path.slice(1), handler)] as const;
    });
    this.#server.addService(receivingDefinition(definition), Object.fromEntries(calls));
  }

  /** Lets a library add its own service. Its streams end when the server drains. */
  extend(add: (host: ServiceHost) => void): void {
    add(this.#streams.host(this.#server));
  }

  /** Listens on an address such as `127.0.0.1:7171`, port 0 for any that is free. Returns the port. */
  bind(address: string, credentials: ServerCredentials): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (cause, port) => {
        if (cause === null) return resolve(port);
        const message = `can't serve gRPC on ${address}: is the port taken? Choose another with --listen HOST:PORT`;
        return reject(new Error(message, { cause }));
      });
    });
  }

  /**
   * Takes no new calls and waits until those in flight are answered, for `patienceMs` at most; then cuts them off.
   * Returns true if all were answered.
   */
  drain(clock: Clock, patienceMs: number): Promise<boolean> {
    this.#streams.endAll();
    return new Promise((resolve) => {
      const timer = clock.startTimer(patienceMs, () => {
        this.#server.forceShutdown();
        resolve(false);
      });
      this.#server.tryShutdown(() => {
        timer.stop();
        resolve(true);
      });
    });
  }

  /** Cuts everything off. */
  close(): void {
    this.#server.forceShutdown();
  }
}
