import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** The limits of the ops port. Probes and scrapers stay far below them. */
export const opsLimits = {
  /** Milliseconds for the head of a request to arrive. */
  headersMsMax: 5000,
  /** Milliseconds for a request to arrive. */
  requestMsMax: 10_000,
  /** Milliseconds for which an idle connection is kept. */
  keepAliveMsMax: 10_000,
  /** Bytes of a request's head. */
  headerBytesMax: 8192,
  /** Connections at the same time. */
  connectionsMax: 100,
} as const;

/** What the ops port shows. */
export interface OpsOptions {
  readonly host: string;
  /** 0 means any that is free. */
  readonly port: number;
  /** Loads them at the first call. */
  readonly metrics: () => Promise<Metrics>;
  /** Returns why the server should not be sent calls, in words for people; undefined if it should. */
  readonly notReadyBecause: () => string | undefined;
  /** Returns what a server lacks that should be sent calls all the same, in words for people; undefined if nothing. */
  readonly degradedBecause: () => string | undefined;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves metrics and probes over plain HTTP, apart from the port that callers use. */
export class OpsServer {
  readonly #options: OpsOptions;
  readonly #server: Server;

  constructor(options: OpsOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        headersTimeout: opsLimits.headersMsMax,
        requestTimeout: opsLimits.requestMsMax,
        keepAliveTimeout: opsLimits.keepAliveMsMax,
        maxHeaderSize: opsLimits.headerBytesMax,
        connectionsCheckingInterval: 1000,
      },
      (request, response) => void this.#handle(request, response),
    );
    this.#server.maxConnections = opsLimits.connectionsMax;
  }

  /** Starts to listen; returns the port. Throws an Error that says what to do if it can't. */
  async start(): Promise<number> {
    const { host, port } = this.#options;
    this.#server.listen(port, host);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new Error(`can't serve metrics on port ${port} (${code}): choose another with --ops-listen, or off`, {
        cause: error,
      });
    }
    return (this.#server.address() as AddressInfo).port;
  }

  /** Stops. Deliberate: a scrape under way is cut off, since it comes again and nothing depends on it. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await this.#answer(request), request.method === 'HEAD');
    } catch (error) {
      this.#options.log.write('opsRequestFailed', { error });
      send(response, { status: 500, body: 'internal error\n' }, false);
    }
  }

  async #answer({ method, url = '' }: IncomingMessage): Promise<Answer> {
    const route = this.#route(url.split('?', 1)[0]!);
    if (route === undefined) return { status: 404, body: 'not found: try /metrics, /healthz or /readyz\n' };
    if (method === 'GET' || method === 'HEAD') return route();
    return { status: 405, body: 'only GET and HEAD are answered here\n', headers: { allow: 'GET, HEAD' } };
  }

  #route(path: string): (() => Answer | Promise<Answer>) | undefined {
    switch (path) {
      case '/healthz':
        return () => ({ status: 200, body: 'ok\n' });
      case '/readyz':
        return () => readiness(this.#options);
      case '/metrics':
        return async () => {
          const { contentType, render } = await this.#options.metrics();
          return { status: 200, body: await render(), headers: { 'content-type': contentType } };
        };
      default:
        return undefined;
    }
  }
}

function readiness({ notReadyBecause, degradedBecause }: OpsOptions): Answer {
  const reason = notReadyBecause();
  if (reason !== undefined) return { status: 503, body: `${reason}\n` };
  const degraded = degradedBecause();
  return { status: 200, body: degraded === undefined ? 'ready\n' : `ready\ndegraded: ${degraded}\n` };
}

function send(response: ServerResponse, { status, body, headers }: Answer, headOnly: boolean): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(headOnly ? undefined : body);
}
