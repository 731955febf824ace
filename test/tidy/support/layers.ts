/** What the files of one folder of `src` may import from the rest of it, beside their own folder. */
export interface Layer {
  /** A folder or a file. A file belongs to the layer with the longest name that holds it. */
  readonly place: string;
  /** Folders or files whose values and types may be imported. */
  readonly values: readonly string[];
  /** Folders or files of which only types may be imported. */
  readonly types: readonly string[];
}

/**
 * Who may import whom. As tight as can be: what nobody uses is taken out, and a new permission is a decision that shows
 * in the change of this table.
 */
export const layers: readonly Layer[] = [
  { place: 'src/base', values: [], types: ['src/gen/reprise/v1/error_reason.ts'] },
  { place: 'src/policy', values: [], types: [] },
  { place: 'src/cache/rules', values: ['src/base'], types: [] },
  { place: 'src/store', values: ['src/base'], types: ['src/cache/rules'] },
  { place: 'src/store/file', values: ['src/base', 'src/store'], types: [] },
  { place: 'src/store/memory', values: ['src/base', 'src/cache/rules', 'src/policy', 'src/store'], types: [] },
  { place: 'src/store/redis', values: ['src/base', 'src/cache/rules', 'src/store'], types: [] },
  {
    place: 'src/store/tiered',
    values: ['src/base', 'src/cache/rules', 'src/store', 'src/store/memory'],
    types: ['src/policy'],
  },
  { place: 'src/telemetry', values: ['src/base'], types: [] },
  { place: 'src/config', values: ['src/base'], types: [] },
  {
    place: 'src/cache',
    values: [
      'src/base',
      'src/cache/rules',
      'src/store/changed-key.ts',
      'src/store/memory/weight.ts',
      'src/telemetry/cache-counters.ts',
    ],
    types: ['src/store'],
  },
  {
    place: 'src/invalidation',
    values: ['src/base', 'src/cache/rules', 'src/store/changed-key.ts'],
    types: ['src/cache', 'src/store'],
  },
  {
    place: 'src/admin',
    values: ['src/base', 'src/store/tiered/audit-scales.ts'],
    types: ['src/store/tiered'],
  },
  {
    place: 'src/api',
    values: ['src/admin', 'src/base', 'src/cache', 'src/cache/rules', 'src/gen', 'src/invalidation'],
    types: ['src/store', 'src/telemetry/log.ts'],
  },
  {
    place: 'src/server',
    values: ['src/admin', 'src/api', 'src/cache', 'src/config', 'src/gen', 'src/invalidation', 'src/telemetry'],
    types: ['src/base', 'src/store'],
  },
  {
    place: 'src/cli',
    values: [
      'src/admin',
      'src/api/durations.ts',
      'src/base',
      'src/config',
      'src/gen',
      'src/policy',
      'src/server',
      'src/store/file',
      'src/store/memory',
      'src/store/redis',
      'src/store/tiered',
      'src/telemetry',
    ],
    types: ['src/store'],
  },
  { place: 'src/main.ts', values: ['src/cli'], types: [] },
  { place: 'src/gen', values: [], types: [] },
];

/** A package, or module of Node, that only some places may import. */
export interface PackageRule {
  /** Name of a package, or of a scope such as `@grpc` for all its packages. */
  readonly name: string;
  /** Folders or files. */
  readonly places: readonly string[];
}

/** Who may import each package. One that is not here may be imported by nobody. */
export const packageRules: readonly PackageRule[] = [
  { name: '@bufbuild/protobuf', places: ['src/api', 'src/gen', 'test', 'bench'] },
  { name: '@grpc/grpc-js', places: ['src/api', 'src/cli', 'src/gen', 'test', 'bench', 'clients/conformance'] },
  { name: '@grpc/proto-loader', places: ['test', 'bench'] },
  { name: '@grpc/reflection', places: ['src/api'] },
  { name: '@opentelemetry', places: ['src/telemetry'] },
  { name: 'ajv', places: ['src/config'] },
  { name: 'commander', places: ['src/config/serve-options.ts', 'src/cli', 'test'] },
  { name: 'fast-check', places: ['test'] },
  { name: 'grpc-health-check', places: ['src/api'] },
  { name: 'ioredis', places: ['src/store/redis', 'test/support/redis', 'bench'] },
  { name: 'lru-cache', places: ['bench', 'test'] },
  { name: 'pino', places: ['src/telemetry'] },
  { name: 'prom-client', places: ['src/telemetry'] },
  { name: 'typescript', places: ['test/tidy'] },
  { name: 'xxhash-wasm', places: ['src/cli/fleet', 'test'] },
  { name: 'yaml', places: ['src/config', 'clients/conformance'] },
  {
    name: 'node:crypto',
    places: [
      'src/base',
      'src/cache/token-sealer.ts',
      'src/security',
      'src/store/redis/load-script.ts',
      'test',
      'bench',
    ],
  },
  { name: 'node:http', places: ['src/telemetry/ops-server.ts', 'test', 'bench'] },
  { name: 'node:sqlite', places: ['src/store/file/state-lock.ts'] },
];
