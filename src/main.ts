#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// V8 allocates at sites whose objects once lived long in the old space (during start they did). There, what a finished
// call leaves is not dead to the young collections until a full one comes, and neither is what it points at: a young
// collection copied 8 MB and took 9 ms instead of 2, and Get 8 µs more (docs/performance.md, "The collector").
setFlagsFromString('--no-allocation-site-pretenuring');
// Keeps what stripping types and compiling gave: a start takes half the time (570 → 270 ms on an idle core). Inside
// node_modules, because a folder that others may write, such as the system's temporary one, would let them plant code.
enableCompileCache(new URL('../node_modules/.cache/compile', import.meta.url).pathname);
const { runCommandLine } = await import('./cli/command-line.ts');
await runCommandLine();
