// Goal: the log tells each outage of a connection once, and its end. Method: what a link tells, and the lines written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logConnections } from '../../../src/cli/fleet/log-connections.ts';
import type { LinkListener } from '../../../src/store/redis/link-state.ts';
import type { Log } from '../../../src/telemetry/log.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface World {
  readonly clock: ManualClock;
  readonly tell: LinkListener;
  readonly lines: readonly string[];
}

function world(): World {
  const clock = new ManualClock();
  const lines: string[] = [];
  const write: Log['write'] = (event, fields) => {
    const shown = 'downMs' in fields ? [fields.downMs] : 'code' in fields ? [fields.code] : [];
    lines.push([event, ...('connection' in fields ? [fields.connection] : []), ...shown].join(' '));
  };
  return { clock, lines, tell: logConnections({ write, level: 'info', setLevel: () => {} }, clock) };
}

const failure = (code: string) => ({ code, what: 'it went away', whatToDo: 'wait' });
const connected = { kind: 'connected', connection: 'commands', server: 'a' } as const;
const lost = (code = 'lost') => ({ kind: 'lost', connection: 'commands', failure: failure(code) }) as const;

test('an outage is one line, and its end another with how long it was', () => {
  const { clock, lines, tell } = world();
  tell(connected);
  for (const code of ['lost', 'ECONNREFUSED', 'lost']) tell(lost(code));
  clock.advance(1200);
  tell(connected);
  tell(lost('silent'));
  assert.deepEqual(lines, [
    'storeConnectionLost commands lost',
    'storeConnectionRestored commands 1200',
    'storeConnectionLost commands silent',
  ]);
});

test('what was never there is not lost: the start tells why', () => {
  const { lines, tell } = world();
  tell(lost('ECONNREFUSED'));
  tell({ kind: 'primaries-changed' });
  tell(connected);
  assert.deepEqual(lines, []);
});

test('connections are told apart, and another primary is told', () => {
  const { lines, tell } = world();
  tell(connected);
  tell({ ...connected, connection: 'heartbeat' });
  tell({ ...lost(), connection: 'heartbeat' });
  tell({ kind: 'primaries-changed' });
  assert.deepEqual(lines, ['storeConnectionLost heartbeat lost', 'storePrimaryChanged']);
});
