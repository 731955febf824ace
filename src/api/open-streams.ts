import type { Server } from '@grpc/grpc-js';

/** The part of a server that services are added to. */
export type ServiceHost = Pick<Server, 'addService'>;

type AddService = ServiceHost['addService'];
type Implementation = Parameters<AddService>[1];

/** A call whose answer is a stream. */
interface StreamingCall {
  end(): void;
  on(event: 'close', listener: () => void): void;
}

/**
 * The streams of services that libraries bring, such as a health Watch. They end when the server goes away: a graceful
 * shutdown would wait for them for ever.
 */
export class OpenStreams {
  readonly #open = new Set<StreamingCall>();

  /** Returns a host through which a library's services are added to `server`, with their streams watched. */
  host(server: Server): ServiceHost {
    return {
      addService: (definition, implementation) => {
        const streaming = Object.entries(definition).filter(([, method]) => method.responseStream);
        // A library names its handlers as the file does, `Watch`, or in camel case, `watch`.
        const names = new Set(streaming.flatMap(([name, { originalName = name }]) => [name, originalName]));
        server.addService(definition, this.#watched(names, implementation));
      },
    };
  }

  /** Ends all streams that are open. */
  endAll(): void {
    for (const call of this.#open) call.end();
  }

  #watched(streaming: ReadonlySet<string>, implementation: Implementation): Implementation {
    return Object.fromEntries(
      Object.entries(implementation).map(([name, handler]) => {
        if (!streaming.has(name)) return [name, handler];
        return [name, (call: StreamingCall) => this.#run(call, handler as (call: StreamingCall) => void)];
      }),
    ) as Implementation;
  }

  #run(call: StreamingCall, handler: (call: StreamingCall) => void): void {
    this.#open.add(call);
    call.on('close', () => this.#open.delete(call));
    handler(call);
  }
}
