// Goal: the harness sees a fleet that breaks its promises. Method: nodes that load modules which break rules of the real
// code, under random traffic and faults; each must fail with its promise. SEED=… repeats a run.
import { tryPlanted } from './try-planted.ts';

tryPlanted('forgetful');
