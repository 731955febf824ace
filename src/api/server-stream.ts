import { type handleServerStreamingCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import { OperatingError } from '../base/operating-error.ts';
import type { OpenStream } from '../invalidation/invalidation-hub.ts';
import type { Sink } from '../invalidation/sink.ts';
import { CallScope } from './call-scope.ts';
import type { Received } from './message-codec.ts';
import { serviceErrorOf } from './rpc-status.ts';
import { type CallFacts, type Edge, operatingErrorOf } from './unary.ts';

/** Opens a stream that answers a decoded request into a sink. */
export type StreamHandler<Request> = (request: Request, call: CallFacts, sink: Sink) => OpenStream;

/**
 * The request path of a call that is answered by a stream: refused or decoded by the codec → opened by the handler, or refused with
 * a status. It counts as answered once it is open; then it lasts until the caller, the server or the deadline ends it.
 */
export function serverStream<Request>(
  edge: Edge,
  rpc: string,
  handler: StreamHandler<Request>,
): handleServerStreamingCall<Received<Request>, Buffer> {
  const observer = edge.observerOf(rpc);
  return (call) => {
    const startedAtMs = edge.clock.monotonicMs();
    observer.started();
    const end = (code: number): void => observer.ended(code, edge.clock.monotonicMs() - startedAtMs);
    try {
      if (call.request instanceof OperatingError) throw call.request;
      const sink = new CallSink(call);
      sink.lasts(handler(call.request, new CallScope(call, edge.clock, startedAtMs), sink));
      end(status.OK);
    } catch (thrown) {
      const error = serviceErrorOf(operatingErrorOf(edge, observer, thrown));
      call.emit('error', error);
      end(error.code);
    }
  };
}

/** Sends a stream's messages over its call, and lets go of the stream when the call is over. */
class CallSink implements Sink {
  readonly #call: ServerWritableStream<unknown, Buffer>;
  #stream: OpenStream | undefined;
  #ended = false;

  constructor(call: ServerWritableStream<unknown, Buffer>) {
    this.#call = call;
    call.on('cancelled', () => this.#over());
  }

  /** Learns which stream to let go of. */
  lasts(stream: OpenStream): void {
    this.#stream = stream;
    if (this.#ended || this.#call.cancelled) stream.close();
  }

  send(bytes: Buffer, sent: () => void): void {
    this.#call.write(bytes, (error: unknown) => {
      // A write fails only when the call is over.
      if (!(error instanceof Error)) sent();
    });
  }

  end(error?: OperatingError): void {
    if (error === undefined) this.#call.end();
    else this.#call.emit('error', serviceErrorOf(error));
    this.#over();
  }

  #over(): void {
    this.#ended = true;
    this.#stream?.close();
  }
}
