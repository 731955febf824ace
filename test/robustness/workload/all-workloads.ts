import { crowd } from './crowd.ts';
import { cutBeginnings } from './cut-beginnings.ts';
import { disturbed, forgetful, restarted } from './disturbed.ts';
import { idleNeighbours } from './idle-neighbours.ts';
import { slowReaders } from './slow-readers.ts';
import { unreadRestart } from './unread-restart.ts';
import type { Workload } from './workload.ts';

/** Every kind of traffic. */
export const allWorkloads: readonly Workload[] = [
  disturbed,
  restarted,
  forgetful,
  slowReaders,
  unreadRestart,
  cutBeginnings,
  crowd,
  idleNeighbours,
];
