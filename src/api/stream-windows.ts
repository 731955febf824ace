import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { limits } from '../base/limits.ts';

/** The channel of Node that tells of each stream before anything is done for it. */
const CHANNEL = 'http2.server.stream.created';

interface Created {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
}

/** One connection: streams that last and take no room from calls, and what its peer was told last. */
interface Window {
  lasting: number;
  toldMax: number;
}

/**
 * The streams that each connection of one port may have open (RFC 9113, § 6.5.2, SETTINGS_MAX_CONCURRENT_STREAMS). All
 * gRPC clients keep to it: calls beyond it wait at their callers, where they cost the server nothing.
 */
export class StreamWindows {
  readonly #lastingPaths: ReadonlySet<string>;
  readonly #windows = new Map<Http2Session, Window>();
  readonly #onCreated = (message: unknown): void => this.#created(message as Created);
  #port: number | undefined;
  #streamsMax: number = limits.streamsPerConnectionMax;

  /** @param lastingPaths paths of methods whose streams last, such as `/reprise.v1.InvalidationService/Subscribe` */
  constructor(lastingPaths: readonly string[]) {
    this.#lastingPaths = new Set(lastingPaths);
  }

  /** Follows the connections of a port. */
  open(port: number): void {
    this.#port = port;
    subscribe(CHANNEL, this.#onCreated);
  }

  /** Follows them no longer. */
  close(): void {
    unsubscribe(CHANNEL, this.#onCreated);
    this.#windows.clear();
  }

  /** Tells all connections how many calls each may have open from now on, lasting streams aside. */
  limit(streamsMax: number): void {
    this.#streamsMax = streamsMax;
    for (const [session, window] of this.#windows) this.#tell(session, window);
  }

  #created({ stream, headers }: Created): void {
    const { session } = stream;
    if (session === undefined) return;
    const window = this.#windows.get(session) ?? this.#begin(session);
    if (window === undefined || !this.#lastingPaths.has(headers[':path']!)) return;
    window.lasting += 1;
    this.#tell(session, window);
    stream.once('close', () => {
      window.lasting -= 1;
      this.#tell(session, window);
    });
  }

  #begin(session: Http2Session): Window | undefined {
    // The channel tells of all servers of the process.
    if (session.socket.localPort !== this.#port) return undefined;
    const window = { lasting: 0, toldMax: limits.streamsPerConnectionMax };
    this.#windows.set(session, window);
    session.once('close', () => this.#windows.delete(session));
    session.on('localSettings', () => this.#tell(session, window));
    this.#tell(session, window);
    return window;
  }

  #tell(session: Http2Session, window: Window): void {
    const max = Math.min(limits.streamsPerConnectionMax, this.#streamsMax + window.lasting);
    // One at a time: Node drops a peer that leaves ten unacknowledged. What changes meanwhile is told at `localSettings`.
    if (max === window.toldMax || session.pendingSettingsAck || session.destroyed) return;
    window.toldMax = max;
    session.settings({ maxConcurrentStreams: max });
  }
}
