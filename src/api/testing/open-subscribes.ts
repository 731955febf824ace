import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Failure } from '../../gen/reprise/testing/v1/test_service.ts';
import type { Connections } from './connections.ts';
import { injectedError } from './failures.ts';

/** How streams break. */
export type Break =
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'silence' }
  | { readonly kind: 'cut' };

type Stream = ServerWritableStream<unknown, Buffer>;

/** The streams that are open, so that they can be broken. */
export class OpenSubscribes {
  readonly #connections: Connections;
  readonly #namespaces = new Map<Stream, string>();

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Takes in a stream, until it ends. */
  add(namespace: string, stream: Stream): void {
    this.#namespaces.set(stream, namespace);
    for (const end of ['cancelled', 'finish', 'error']) stream.once(end, () => this.#namespaces.delete(stream));
  }

  /** Breaks those of a namespace, or all if it is empty. Returns how many there were. */
  break(namespace: string, how: Break): number {
    const broken = [...this.#namespaces].filter(([, of]) => namespace === '' || namespace === of);
    for (const [stream] of broken) this.#break(stream, how);
    return broken.length;
  }

  #break(stream: Stream, how: Break): void {
    switch (how.kind) {
      case 'failure':
        // Whoever fills the stream lets go of it as when its caller had cancelled it.
        stream.emit('cancelled', 'broken');
        stream.emit('error', injectedError(how.failure));
        return;
      case 'silence':
        stream.write = swallow;
        return;
      case 'cut':
        this.#connections.cut(stream.getPeer());
    }
  }
}

// As a network that loses everything: the sender believes that it was sent.
const swallow = ((_bytes: Buffer, sent?: () => void): boolean => {
  sent?.();
  return true;
}) as Stream['write'];
