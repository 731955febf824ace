import { execFileSync } from 'node:child_process';

// Regenerates all that is generated and committed: TypeScript from the proto files, their descriptors for reflection,
// and the tables in the documentation. CI runs it and fails if anything changes.
const buf = (...args: string[]): void => void execFileSync('buf', args, { stdio: 'inherit' });

buf('generate');
buf('build', '--as-file-descriptor-set', '--output', 'src/gen/descriptors.binpb');
// Last, and loaded only now: the tables are made from the code that was generated above.
await import('./generate-docs.ts');
