import { styleText } from 'node:util';

/** How a piece of text looks on a terminal. */
export type Look = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Where a command writes. Data goes to standard output, whatever else there is to say to standard error. */
export interface Output {
  /** True if standard output is a terminal, so that people read it. */
  readonly isTerminal: boolean;
  /** Writes data as it is. */
  data(chunk: string | Uint8Array): void;
  /** Writes an object as one line of JSON. */
  json(object: Readonly<Record<string, unknown>>): void;
  /** Tells people something, on standard error. */
  notice(text: string): void;
  /** Returns text with a look, or as it is where there are no colours: not a terminal, NO_COLOR, or TERM=dumb. */
  paint(look: Look, text: string): string;
}

/** The output of this process. */
export function processOutput(env: NodeJS.ProcessEnv = process.env): Output {
  const isTerminal = process.stdout.isTTY === true;
  const coloured = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return {
    isTerminal,
    data: (chunk) => void process.stdout.write(chunk),
    json: (object) => void process.stdout.write(`${JSON.stringify(object)}\n`),
    notice: (text) => void process.stderr.write(`${text}\n`),
    paint: (look, text) => (coloured ? styleText(look, text, { validateStream: false }) : text),
  };
}

/** Ends the process when its reader has gone, as `reprise … | head` does: nobody is left to tell. */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
