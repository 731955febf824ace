// Loaded before a node of the harness, by `--import` with what to do in the query: leads connections to Redis through
// proxies, port by port (`ports`), and sets the wall clock of the process wrong (`clock`, milliseconds). Its monotonic
// clock stays right, as on a machine whose time is stepped.
import { Socket } from 'node:net';

const asked = new URL(import.meta.url).searchParams;

leadThrough(new Map(Object.entries(JSON.parse(asked.get('ports') ?? '{}') as Record<string, number>)));
setClock(Number(asked.get('clock') ?? 0));

function leadThrough(ports: ReadonlyMap<string, number>): void {
  if (ports.size === 0) return;
  const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;
  const led = function (this: Socket, ...args: unknown[]): Socket {
    return connect.apply(this, args.map(withPort));
  };
  // What `net.connect` gives the socket is a list of options and a callback, or they come one by one.
  const withPort = (arg: unknown): unknown => {
    if (Array.isArray(arg)) return Object.assign(arg.map(withPort), symbolsOf(arg));
    if (typeof arg !== 'object' || arg === null || !('port' in arg)) return arg;
    const through = ports.get(String(arg.port));
    return through === undefined ? arg : { ...arg, port: through };
  };
  Socket.prototype.connect = led as Socket['connect'];
}

// Node marks the list with a symbol, without which it would take it for an option.
function symbolsOf(list: object): object {
  return Object.fromEntries(Object.getOwnPropertySymbols(list).map((name) => [name, Reflect.get(list, name)]));
}

function setClock(offsetMs: number): void {
  if (offsetMs === 0) return;
  const now = Date.now.bind(Date);
  Date.now = () => now() + offsetMs;
}
