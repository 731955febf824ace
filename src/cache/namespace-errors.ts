import { OperatingError } from '../base/operating-error.ts';

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Checks that a namespace may have this name. @throws OperatingError NAMESPACE_NAME_INVALID */
export function checkNamespaceName(name: string): void {
  if (NAME.test(name)) return;
  const message = "A namespace's name is 1 to 63 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit.";
  throw new OperatingError('NAMESPACE_NAME_INVALID', message, { field: 'name' });
}

/** Returns the operating error NAMESPACE_NOT_FOUND. */
export function namespaceNotFound(): OperatingError {
  return new OperatingError('NAMESPACE_NOT_FOUND', 'There is no namespace of this name.', { field: 'namespace' });
}

/** Returns the operating error NAMESPACE_EXISTS. */
export function namespaceExists(): OperatingError {
  return new OperatingError('NAMESPACE_EXISTS', 'There is a namespace of this name.', { field: 'name' });
}

/** Returns the operating error NAMESPACE_BUILT_IN. */
export function namespaceBuiltIn(): OperatingError {
  return new OperatingError('NAMESPACE_BUILT_IN', 'The namespace default can not be deleted.', { field: 'name' });
}

/** Returns the operating error MANAGED_BY_FILE. */
export function managedByFile(): OperatingError {
  return new OperatingError('MANAGED_BY_FILE', 'The configuration file defines this namespace: change it there.');
}

/** Returns the operating error VERSION_MISMATCH for a namespace that has this version. */
export function versionMismatch(version: number): OperatingError {
  const message = `The namespace has version ${version}: read it again.`;
  return new OperatingError('VERSION_MISMATCH', message, { metadata: { version } });
}
