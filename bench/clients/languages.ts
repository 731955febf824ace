import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../support/processes.ts';
import { hasProgram } from '../support/tools.ts';

/** Clients that are measured. Python's two are one package. */
export const languageNames = ['typescript', 'python', 'asyncio', 'go', 'java'] as const;
/** One of them. */
export type LanguageName = (typeof languageNames)[number];

/** How a client's driver comes to run. */
export interface Language {
  readonly title: string;
  /** Has a near cache. */
  readonly hasNear: boolean;
  /** Makes its driver ready and returns its command. Throws a LeftOut where what it needs is not there. */
  readonly prepare: () => Promise<readonly string[]>;
}

/** What a driver needs is not on this machine. The message says what, and how to have it. */
export class LeftOut extends Error {}

const clientsDir = fileURLToPath(new URL('../../clients/', import.meta.url));

/** How each driver comes to run. */
export const languages: Readonly<Record<LanguageName, Language>> = {
  typescript: { title: 'TypeScript', hasNear: true, prepare: prepareTypeScript },
  python: { title: 'Python', hasNear: true, prepare: () => preparePython('sync') },
  asyncio: { title: 'Python, asyncio', hasNear: true, prepare: () => preparePython('asyncio') },
  go: { title: 'Go', hasNear: true, prepare: prepareGo },
  java: { title: 'Java', hasNear: false, prepare: prepareJava },
};

/** Returns the commands of the drivers that can run here; `say` is told of each that is left out. */
export async function prepareLanguages(
  names: readonly LanguageName[],
  say: (line: string) => void,
): Promise<ReadonlyMap<LanguageName, readonly string[]>> {
  const commands = new Map<LanguageName, readonly string[]>();
  for (const name of names) {
    try {
      commands.set(name, await languages[name].prepare());
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      say(`${languages[name].title} is left out: ${error.message}`);
    }
  }
  return commands;
}

async function prepareTypeScript(): Promise<readonly string[]> {
  needFile('typescript/node_modules/.installed', 'run clients/typescript/check');
  return [process.execPath, `${clientsDir}typescript/bench/driver/main.ts`];
}

async function preparePython(flavour: string): Promise<readonly string[]> {
  needFile('python/.venv/bin/python', 'run clients/python/check');
  return [`${clientsDir}python/.venv/bin/python`, '-u', `${clientsDir}python/bench/driver.py`, flavour];
}

async function prepareGo(): Promise<readonly string[]> {
  needProgram('go', 'Go is not on the PATH');
  const driver = `${clientsDir}go/.bin/bench`;
  await runProcess(['go', 'build', '-C', `${clientsDir}go`, '-o', driver, './bench']);
  return [driver];
}

async function prepareJava(): Promise<readonly string[]> {
  needProgram('javac', 'a JDK is not on the PATH');
  needFile('java/target/classpath', 'run clients/java/check');
  needFile('java/target/classes/dev/reprise/RepriseClient.class', 'run clients/java/check');
  const folder = `${clientsDir}java/`;
  const classpath = `${folder}target/classes:${readFileSync(`${folder}target/classpath`, 'utf8').trim()}`;
  const output = `${folder}.bin/bench`;
  const sources = ['Call', 'Clients', 'Command', 'Counts', 'Latencies', 'Main', 'Stub'];
  const paths = sources.map((name) => `${folder}bench/${name}.java`);
  await runProcess(['javac', '-d', output, '-cp', classpath, ...paths]);
  return ['java', '-cp', `${output}:${classpath}`, 'dev.reprise.bench.Main'];
}

function needFile(path: string, otherwise: string): void {
  if (!existsSync(clientsDir + path)) throw new LeftOut(otherwise);
}

function needProgram(name: string, otherwise: string): void {
  if (!hasProgram(name)) throw new LeftOut(otherwise);
}
