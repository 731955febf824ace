import type { Check } from './check.ts';

/** What the check needs to know of the control documents. */
export interface CheckedDocuments {
  readonly durable: boolean;
}

/** Tells when what administrators define is lost with the process. */
export function checkDocuments({ durable }: CheckedDocuments): Check {
  return { name: 'documents', look: () => (durable ? [] : [FORGOTTEN]) };
}

const FORGOTTEN = {
  severity: 'info',
  what: 'namespaces that callers create are kept in memory and lost when the server stops',
  whatToDo: 'Give --state DIR, or define them in the configuration file.',
} as const;
