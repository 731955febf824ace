// Goal: a fleet over a single Redis keeps its promises whatever happens to nodes, Redis and the ways between them. Method:
// node processes under random traffic and faults, written down, and judged by one validator a promise; SEED=… repeats.
import { tryShape } from './try-shape.ts';

tryShape('standalone');
