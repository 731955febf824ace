// Does with the client what the conformance runner asks for, a JSON object a line, and says what came out. The protocol is
// clients/conformance/PROTOCOL.md.
import { createInterface } from 'node:readline';
import { Driver } from './driver.ts';
import { errorOf } from './error-of.ts';
import type { Fields } from './fields.ts';

const driver = new Driver();
const running = new Map<number, AbortController>();

async function answer(id: number, command: Fields): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const result = await outcome(command, abort.signal);
  running.delete(id);
  process.stdout.write(`${JSON.stringify({ id, ...result })}\n`);
}

async function outcome(command: Fields, signal: AbortSignal): Promise<object> {
  try {
    if (command['do'] === 'cancel') {
      running.get(command['command'] as number)?.abort();
      return { ok: {} };
    }
    return { ok: await driver.run(command, signal) };
  } catch (error) {
    return { error: errorOf(error, signal) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Fields;
  void answer(command['id'] as number, command);
}
await driver.reset();
process.exit(0);
