// Goal: whoever follows clients/recipe has a generated client, and a workflow that tells when it is not what a release says
// or when a release breaks it. Method: the files as they are in a repository of their own, with this checkout's proto files
// as the release; bash runs the workflow's steps, and the program that the recipe comes with calls a real server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestServer } from '../support/test-server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECIPE = join(ROOT, 'clients/recipe');
const [INSTALL, GENERATE, SAME, COMPATIBLE] = [
  'Install the pinned tools',
  'Generate from the release',
  'Fail where the committed code differs',
  "Fail where the former release's callers would break",
] as const;
const steps = stepsOf(readFileSync(join(RECIPE, 'generate.yml'), 'utf8'));

const folder = mkdtempSync(join(tmpdir(), 'reprise-recipe-'));
after(() => rmSync(folder, { recursive: true }));
const [release, project] = [join(folder, 'release'), join(folder, 'project')];

test('the workflow has the steps that are tried here', () => {
  assert.deepEqual([...steps.keys()], [INSTALL, GENERATE, SAME, COMPATIBLE]);
});

test('the recipe pins what is tried here', () => {
  const { devDependencies, dependencies } = packageOf(RECIPE);
  const own = packageOf(ROOT);
  const pinned = Object.keys({ ...dependencies, ...devDependencies });
  assert.deepEqual(pinned, ['@bufbuild/protobuf', '@grpc/grpc-js', '@bufbuild/buf', 'ts-proto']);
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.equal(version, { ...own.dependencies, ...own.devDependencies }[name], name);
  }
});

test('what is generated from a release passes once it is committed, and works', async () => {
  await tagRelease('v0.1.0');
  await beginProject();
  assert.equal(await step(GENERATE), 0);
  assert.equal(await step(SAME), 1, 'nothing generated was committed yet');
  await commit(project);
  assert.equal(await step(SAME), 0);
  assert.equal(await step(COMPATIBLE), 0, 'there is no former release');
  await using server = await startTestServer();
  const { stdout } = await run(project, process.execPath, 'src/try.mjs', server.address);
  assert.equal(stdout, 'stream: ready\nset: stored\nget: hit Karma Police\nevent: track:63\n');
});

test('a newer release must be generated and committed; one that adds breaks nobody', async () => {
  edit(release, 'bool with_tags = 7;', 'bool with_tags = 7; bool new_field = 8;');
  await tagRelease('v0.2.0');
  editFile(join(project, 'release.env'), 'v0.1.0', 'v0.2.0');
  await commit(project);
  assert.equal(await step(GENERATE), 0);
  assert.equal(await step(SAME), 1);
  await commit(project);
  assert.equal(await step(SAME), 0);
  assert.equal(await step(COMPATIBLE), 0);
});

test('a release without a call or a field of the former one fails', async () => {
  for (const gone of ['rpc Touch(TouchRequest) returns (TouchResponse);', 'bool with_tags = 7;']) {
    edit(project, gone, '');
    await commit(project);
    assert.equal(await step(COMPATIBLE), 100, gone);
  }
});

/** The steps of a workflow that run something, by their names. */
function stepsOf(workflow: string): Map<string, string> {
  const found = workflow.matchAll(/^ {6}- name: (.*)\n {8}run: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/gm);
  return new Map([...found].map(([, name, block, line]) => [name!, block ?? line!]));
}

/** Runs a step as the workflow does; returns its exit code. */
async function step(name: string): Promise<number> {
  const done = run(project, 'bash', '-e', '-o', 'pipefail', '-c', steps.get(name)!);
  return done.then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
}

async function tagRelease(tag: string): Promise<void> {
  if (tag === 'v0.1.0') {
    cpSync(join(ROOT, 'proto'), join(release, 'proto'), { recursive: true });
    cpSync(join(ROOT, 'buf.yaml'), join(release, 'buf.yaml'));
    await run(release, 'git', 'init', '--quiet');
  }
  await commit(release);
  await run(release, 'git', 'tag', tag);
}

async function beginProject(): Promise<void> {
  cpSync(RECIPE, project, { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  editFile(join(project, 'release.env'), /REPOSITORY=.*/, `REPOSITORY=file://${release}`);
  await run(project, 'git', 'init', '--quiet');
  await commit(project);
}

async function commit(repository: string): Promise<void> {
  await run(repository, 'git', 'add', '--all');
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b.example'];
  await run(repository, 'git', ...author, 'commit', '--quiet', '--allow-empty', '--message', 'next');
}

function edit(repository: string, from: string, to: string): void {
  editFile(join(repository, 'proto/reprise/v1/cache_service.proto'), from, to);
}

function editFile(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8');
  assert.notEqual(text.replace(from, to), text, `${path} has ${from}`);
  writeFileSync(path, text.replace(from, to));
}

function run(cwd: string, command: string, ...arguments_: string[]): Promise<{ stdout: string }> {
  const path = `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`;
  // A workflow compares with the branch that a change goes to: here the commit before.
  const env = { ...process.env, PATH: path, FORMER: 'HEAD~1' };
  return promisify(execFile)(command, arguments_, { cwd, env, timeout: 120_000 });
}

function packageOf(place: string): Record<'dependencies' | 'devDependencies', Record<string, string>> {
  return JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
}
