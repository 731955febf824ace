import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '../../base/operating-error.ts';
import { type ControlDocument, controlLimits } from '../control-documents.ts';
import { isControlName } from '../control-table.ts';
import { isDocumentFileName, parseDocumentFile } from './document-file.ts';
import { temporaryPrefix } from './durable-files.ts';

/** Where things lie in a state directory. */
export interface StatePaths {
  readonly deploymentId: string;
  /** One file a document. */
  readonly documents: string;
  /** One file a secret, as hexadecimal digits. */
  readonly secrets: string;
}

/** What a state directory holds. */
export interface StateContent {
  readonly documents: readonly ControlDocument[];
  readonly secrets: ReadonlyMap<string, Buffer>;
  readonly deploymentId: string | undefined;
}

/** Returns where things lie in a state directory. */
export function statePaths(directory: string): StatePaths {
  return {
    deploymentId: join(directory, 'deployment-id'),
    documents: join(directory, 'documents'),
    secrets: join(directory, 'secrets'),
  };
}

/**
 * Reads a state directory; removes what an interrupted write left. Operating error: STATE_UNAVAILABLE, naming the file
 * that can't be used. Never goes on without it: what it defined would be open to everybody, or gone.
 */
export function readState(paths: StatePaths): StateContent {
  for (const directory of [paths.documents, paths.secrets]) removeLeftovers(directory);
  return {
    documents: readdirSync(paths.documents)
      .filter(isDocumentFileName)
      .map((name) => readDocument(paths, name)),
    secrets: new Map(
      readdirSync(paths.secrets)
        .filter(isControlName)
        .map((name) => [name, readSecret(paths, name)]),
    ),
    deploymentId: readDeploymentId(paths),
  };
}

function removeLeftovers(directory: string): void {
  const leftovers = readdirSync(directory).filter((name) => name.startsWith(temporaryPrefix));
  for (const name of leftovers) rmSync(join(directory, name));
}

function readDocument(paths: StatePaths, fileName: string): ControlDocument {
  const file = join(paths.documents, fileName);
  const document = parseDocumentFile(readFileSync(file, 'utf8'), fileName);
  return 'problem' in document ? refuse(file, document.problem) : document;
}

function readSecret(paths: StatePaths, name: string): Buffer {
  const file = join(paths.secrets, name);
  return Buffer.from(readHex(file, controlLimits.secretBytes), 'hex');
}

function readDeploymentId(paths: StatePaths): string | undefined {
  try {
    return readHex(paths.deploymentId, 16);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readHex(file: string, bytes: number): string {
  const text = readFileSync(file, 'utf8').trimEnd();
  return new RegExp(`^[0-9a-f]{${2 * bytes}}$`).test(text)
    ? text
    : refuse(file, `it does not hold ${2 * bytes} hexadecimal digits`);
}

function refuse(file: string, problem: string): never {
  throw new OperatingError(
    'STATE_UNAVAILABLE',
    `${file} can't be used: ${problem}. Restore it from a backup, or move it away to lose what it held, and start again`,
  );
}
