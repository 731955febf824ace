import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, ServerHttp2Stream } from 'node:http2';

const CHANNEL = 'http2.server.stream.created';

/** The connections of this process by their peers, so that they can be destroyed. */
export class Connections {
  readonly #sessions = new Map<string, Http2Session>();
  readonly #onCreated = (message: unknown): void => this.#created(message as { readonly stream: ServerHttp2Stream });

  /** Follows them from now on. */
  open(): void {
    subscribe(CHANNEL, this.#onCreated);
  }

  /** Follows them no longer. */
  close(): void {
    unsubscribe(CHANNEL, this.#onCreated);
    this.#sessions.clear();
  }

  /** Destroys the connection of a peer such as `127.0.0.1:40001`, as grpc-js names it. */
  cut(peer: string): void {
    this.#sessions.get(peer)?.destroy();
  }

  #created({ stream: { session } }: { readonly stream: ServerHttp2Stream }): void {
    if (session === undefined) return;
    const { remoteAddress, remotePort } = session.socket;
    const peer = `${remoteAddress}:${remotePort}`;
    if (this.#sessions.has(peer)) return;
    this.#sessions.set(peer, session);
    session.once('close', () => this.#sessions.delete(peer));
  }
}
