import type * as Otel from '@opentelemetry/api';
import type { TraceHeaders } from './telemetry.ts';

/** What a call is called. */
export interface RpcName {
  /** With its package, such as `reprise.v1.CacheService`. */
  readonly service: string;
  readonly method: string;
}

/** A call as a span of the application's trace. */
export interface TracedCall {
  readonly headers: TraceHeaders;
  /** Does work with the call's span as the present one. */
  run<T>(work: () => T): T;
  /** Ends the span. */
  ended(outcome: string): void;
}

/** A call that no trace has. */
export const UNTRACED: TracedCall = { headers: {}, run: (work) => work(), ended: () => undefined };

/** Returns the service and the method of a path. */
export function rpcNameOf(path: string): RpcName {
  const [, service = '', method = ''] = path.split('/');
  return { service, method };
}

/** Returns what begins a client span for each call, a child of the present one, which goes on at the server. */
export function callTracer(api: typeof Otel, name: string): (rpc: RpcName) => TracedCall {
  const { context, trace, SpanKind, SpanStatusCode } = api;
  const tracer = trace.getTracer(name);
  return ({ service, method }) => {
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
    const span = tracer.startSpan(`reprise.client/${method}`, { kind: SpanKind.CLIENT, attributes });
    const within = trace.setSpan(context.active(), span);
    return {
      headers: headersOf(api, within),
      run: (work) => context.with(within, work),
      ended(outcome) {
        span.setAttribute('reprise.outcome', outcome);
        // Deliberate: without the error's message, which the metrics do not have either.
        if (outcome !== 'OK') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
        span.end();
      },
    };
  };
}

/** Returns the headers by which a context's trace goes on elsewhere. */
export function headersOf({ propagation }: typeof Otel, context: Otel.Context): TraceHeaders {
  const headers: Record<string, string> = {};
  propagation.inject(context, headers);
  return headers;
}
