import { fileURLToPath } from 'node:url';
import { type RunningProcess, startProcess } from './processes.ts';

/** How a server is started for a measurement. */
export interface RepriseOptions {
  readonly core?: number | undefined;
  /** Also serve metrics. Default: off. */
  readonly withOps?: boolean;
  /** Flags for Node itself, before the program. */
  readonly nodeFlags?: readonly string[];
  /** More flags of `reprise serve`. */
  readonly flags?: readonly string[];
}

/** Where a started server listens. */
export interface RepriseAddresses {
  /** gRPC, `127.0.0.1:PORT`. */
  readonly grpc: string;
  /** Metrics; `undefined` if off. */
  readonly ops: string | undefined;
}

const mainPath = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Starts a server of this working tree on ports of its own and waits until it serves. */
export function startReprise(options: RepriseOptions = {}): Promise<RunningProcess<RepriseAddresses>> {
  const ops = options.withOps === true ? '127.0.0.1:0' : 'off';
  return startProcess({
    command: [
      process.execPath,
      ...(options.nodeFlags ?? []),
      mainPath,
      'serve',
      ...['--listen', '127.0.0.1:0', '--ops-listen', ops],
      ...(options.flags ?? []),
    ],
    core: options.core,
    readyLine: addressReader(options.withOps === true),
  });
}

/** Returns a reader of the server's log that knows the addresses once all of them have been logged. */
function addressReader(withOps: boolean): (line: string) => RepriseAddresses | undefined {
  const seen = new Map<string, string>();
  return (line) => {
    const { event, host, port } = parseLogLine(line);
    if (event !== undefined) seen.set(event, `${host}:${port}`);
    const grpc = seen.get('serverListening');
    const ops = seen.get('opsListening');
    return grpc === undefined || (withOps && ops === undefined) ? undefined : { grpc, ops };
  };
}

interface LogLine {
  readonly event?: string;
  readonly host?: string;
  readonly port?: number;
}

function parseLogLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}
