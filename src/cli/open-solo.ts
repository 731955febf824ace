import type { Clock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { Lru } from '../policy/lru.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import { MemoryControlDocuments } from '../store/memory/memory-control-documents.ts';
import { MemoryStore } from '../store/memory/memory-store.ts';
import { EXPIRE_WORK_MAX, type OpenedStore } from './opened-store.ts';

/** Opens what a server alone runs on: its memory, and a directory for definitions if it was given one. */
export async function openSolo(config: Config, clock: Clock, nodeName: string): Promise<OpenedStore> {
  const documents = await openDocuments(config);
  const makePolicy = (slotCount: number): Lru => new Lru(slotCount);
  const store = new MemoryStore({ clock, random: systemRandom, nodeName, makePolicy });
  return { store, documents, expireDue: () => void store.expireDue(EXPIRE_WORK_MAX), swept: store };
}

async function openDocuments({ stateDir }: Config): Promise<ControlDocuments> {
  if (stateDir === undefined) return new MemoryControlDocuments();
  const { openFileControlDocuments } = await import('../store/file/file-control-documents.ts');
  return openFileControlDocuments(stateDir);
}
