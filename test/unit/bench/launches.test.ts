// Goal: each launch has new servers, a warm-up and rounds in turns. Method: contestants that write down what is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Contestant, compiledAhead } from '../../../bench/contestants/contestant.ts';
import { type LaunchesOptions, measureLaunches } from '../../../bench/run/launches.ts';

function recorder(): { readonly events: string[]; readonly options: LaunchesOptions } {
  const events: string[] = [];
  const open = async (stack: AsyncDisposableStack): Promise<readonly Contestant[]> => {
    events.push('open');
    stack.defer(() => void events.push('close'));
    return ['a', 'b'].map((id) => contestantOf(id, events));
  };
  const common = { launches: 2, rounds: 2, seconds: 2, warmUpSeconds: 3 };
  return { events, options: { ...common, open, signal: new AbortController().signal, onDrive: () => {} } };
}

function contestantOf(id: string, events: string[]): Contestant {
  const traits = { id, title: id, protocol: 'test', keysPerCall: 1, pid: process.pid };
  const drive: Contestant['drive'] = async (seconds) => {
    events.push(`${id} ${seconds} s`);
    return { calls: 10, callsPerSecond: 5 };
  };
  return { ...traits, drive, verify: async () => void events.push(`${id}?`) };
}

test('servers are started afresh for each launch, warmed up, driven in turns and stopped', async () => {
  const { events, options } = recorder();
  await measureLaunches(options);
  const drives = events.filter((event) => !event.endsWith('?'));
  const launch = ['open', 'a 3 s', 'b 3 s', 'a 2 s', 'b 2 s', 'a 2 s', 'b 2 s', 'close'];
  assert.deepEqual(drives, [...launch, ...launch]);
});

test('an answer is verified before and after each drive', async () => {
  const { events, options } = recorder();
  await measureLaunches({ ...options, launches: 1, rounds: 1 });
  assert.deepEqual(events.slice(1, 7), ['a?', 'a 3 s', 'a?', 'b?', 'b 3 s', 'b?']);
});

test('samples are kept by launch and round, without the warm-ups, which are only told', async () => {
  const { options } = recorder();
  const told: string[] = [];
  const onDrive: LaunchesOptions['onDrive'] = ({ launch, round, id }) => told.push(`${launch}.${round} ${id}`);
  const measured = await measureLaunches({ ...options, onDrive });
  assert.deepEqual(
    measured.map(({ contestant, launches }) => [contestant.id, launches.map((samples) => samples.length)]),
    [
      ['a', [2, 2]],
      ['b', [2, 2]],
    ],
  );
  assert.deepEqual(told.slice(0, 6), ['1.0 a', '1.0 b', '1.1 a', '1.1 b', '1.2 a', '1.2 b']);
  assert.equal(told.at(-1), '2.2 b');
});

test('a server compiled ahead is not warmed up longer than helps', async () => {
  const { events, options } = recorder();
  const open = async (): Promise<readonly Contestant[]> => [{ ...contestantOf('c', events), ...compiledAhead }];
  await measureLaunches({ ...options, open, launches: 1, rounds: 1 });
  assert.deepEqual(events, ['c?', 'c 1 s', 'c?', 'c?', 'c 2 s', 'c?']);
});

test('an abort ends the run and stops its servers', async () => {
  const { events, options } = recorder();
  const controller = new AbortController();
  const onDrive = (): void => controller.abort(new Error('interrupted'));
  await assert.rejects(measureLaunches({ ...options, signal: controller.signal, onDrive }), /interrupted/);
  assert.deepEqual(events, ['open', 'a?', 'a 3 s', 'a?', 'close']);
});
