/** A function in a V8 CPU profile, as `node --cpu-prof` writes it. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** The parts of a `.cpuprofile` file that are used. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Node that ran at each sample. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before, for each sample. */
  readonly timeDeltas: readonly number[];
}

/** Where a function belongs. */
export type Origin =
  | 'reprise'
  | 'protobuf codec'
  | 'grpc-js'
  | 'other packages'
  | 'node http2 and streams'
  | 'other node'
  | 'gc'
  | 'native'
  | 'idle';

/** Time spent in functions themselves, their callees not counted. */
export interface SelfTime {
  readonly name: string;
  readonly origin: Origin;
  readonly selfUs: number;
}

/** Returns the last `lastUs` microseconds of a profile: what came before was start and warm-up. */
export function tailOf(profile: CpuProfile, lastUs: number): CpuProfile {
  let from = profile.timeDeltas.length;
  for (let us = 0; from > 0 && us < lastUs; us += profile.timeDeltas[from] ?? 0) from -= 1;
  return { ...profile, samples: profile.samples.slice(from), timeDeltas: profile.timeDeltas.slice(from) };
}

/** Returns the self time of each function, longest first. The name is `function file:line`. */
export function selfTimes(profile: CpuProfile): readonly SelfTime[] {
  const selfUs = selfUsById(profile);
  const byName = new Map<string, SelfTime>();
  for (const { id, callFrame } of profile.nodes) {
    const { functionName, url, lineNumber } = callFrame;
    const file = shortPath(url);
    const name = `${functionName === '' ? '(anonymous)' : functionName}${file === '' ? '' : ` ${file}:${lineNumber + 1}`}`;
    const before = byName.get(name)?.selfUs ?? 0;
    byName.set(name, { name, origin: originOf(functionName, url), selfUs: before + (selfUs.get(id) ?? 0) });
  }
  return [...byName.values()].sort((a, b) => b.selfUs - a.selfUs);
}

/** Returns the self times added up by what `name` makes of each, longest first. */
export function addUp(times: readonly SelfTime[], name: (time: SelfTime) => string): readonly SelfTime[] {
  const groups = new Map<string, SelfTime>();
  for (const time of times) {
    const group = name(time);
    groups.set(group, { name: group, origin: time.origin, selfUs: (groups.get(group)?.selfUs ?? 0) + time.selfUs });
  }
  return [...groups.values()].sort((a, b) => b.selfUs - a.selfUs);
}

/** Returns where a function belongs. V8 names what is not JavaScript in parentheses. */
export function originOf(functionName: string, url: string): Origin {
  if (functionName === '(garbage collector)') return 'gc';
  if (functionName === '(idle)') return 'idle';
  if (url === '') return 'native';
  // WebAssembly comes from Node's own type stripper: none of our packages has any.
  if (url.startsWith('wasm:')) return 'other node';
  if (url.startsWith('node:')) return /http2|stream|net|buffer/.test(url) ? 'node http2 and streams' : 'other node';
  if (url.includes('/node_modules/@grpc/grpc-js/')) return 'grpc-js';
  if (url.includes('/node_modules/@bufbuild/protobuf/') || url.includes('/src/gen/')) return 'protobuf codec';
  return url.includes('/node_modules/') ? 'other packages' : 'reprise';
}

/** Shortens a URL to a path within the project, a package's file or a module of Node. */
export function shortPath(url: string): string {
  const inPackage = url.lastIndexOf('/node_modules/');
  if (inPackage >= 0) return url.slice(inPackage + '/node_modules/'.length);
  const inProject = url.indexOf('/src/');
  return inProject >= 0 && url.startsWith('file:') ? url.slice(inProject + 1) : url;
}

function selfUsById({ samples, timeDeltas }: CpuProfile): ReadonlyMap<number, number> {
  const selfUs = new Map<number, number>();
  // A delta is the time since the sample before: it belongs to the node that was running then.
  for (const [at, id] of samples.entries()) selfUs.set(id, (selfUs.get(id) ?? 0) + (timeDeltas[at + 1] ?? 0));
  return selfUs;
}
