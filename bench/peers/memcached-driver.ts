import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Drives memcached with gets of one key, as h2load drives gRPC: some connections, a fixed number of gets under way on
 * each. `node memcached-driver.ts KEY PORT RESPONSE_BYTES CONNECTIONS DEPTH SECONDS` prints one line of JSON: calls,
 * seconds. Every answer has the same size, so bytes count answers.
 */
const [key, ...numbers] = process.argv.slice(2);
const [port, responseBytes, connections, depth, seconds] = numbers.map(Number) as [
  number,
  number,
  number,
  number,
  number,
];
const request = `get ${key}\r\n`;
let calls = 0;

function drive(socket: Socket, until: number): Promise<unknown> {
  let pendingBytes = 0;
  socket.setNoDelay(true);
  socket.write(request.repeat(depth));
  socket.on('data', (chunk: Buffer) => {
    pendingBytes += chunk.length;
    const answered = Math.floor(pendingBytes / responseBytes);
    pendingBytes -= answered * responseBytes;
    calls += answered;
    if (performance.now() > until) socket.destroy();
    else if (answered > 0) socket.write(request.repeat(answered));
  });
  return once(socket, 'close');
}

const start = performance.now();
const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1'));
await Promise.all(sockets.map((socket) => drive(socket, start + seconds * 1000)));
console.log(JSON.stringify({ calls, seconds: (performance.now() - start) / 1000 }));
