import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends text to a port of 127.0.0.1 and rejects unless the peer answers with exactly `expected`. For line protocols.
 */
export async function expectAnswer(port: number, text: string, expected: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const signal = AbortSignal.timeout(5_000);
  let answer = '';
  try {
    socket.write(text);
    while (answer.length < expected.length) answer += String((await once(socket, 'data', { signal }))[0]);
  } finally {
    socket.destroy();
  }
  if (answer !== expected) throw new Error(`answered ${JSON.stringify(answer.slice(0, 200))}`);
}
