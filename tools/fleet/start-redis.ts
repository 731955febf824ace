import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Member, startMember } from './member.ts';

/** A Redis that keeps nothing. */
export interface FleetRedis extends Member {
  readonly url: string;
}

/** Starts a Redis on a port of 127.0.0.1, in a directory that goes with this process; resolves when it answers. */
export async function startRedis(port: number): Promise<FleetRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'reprise-fleet-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const ready = Promise.withResolvers<void>();
  const heard: string[] = [];
  const server = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory];
  const keepsNothing = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  try {
    const member = await startMember({
      name: 'redis',
      command: 'redis-server',
      args: [...server, ...keepsNothing],
      onLine: (line) => {
        heard.push(line);
        if (line.includes('Ready to accept connections')) ready.resolve();
      },
    });
    void member.ended.then((how) => ready.reject(new Error(`Redis ${how}:\n${heard.slice(-5).join('\n')}`)));
    await ready.promise;
    return { ...member, url: `redis://127.0.0.1:${port}` };
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
    throw new Error('redis-server is missing: install Redis 7 or Valkey (`make packages` does on Debian), then repeat');
  }
}
