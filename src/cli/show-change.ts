import type { ExitName } from './exit-codes.ts';
import { type Lifetime, lifetimeFields, lifetimeJson } from './lifetime.ts';
import type { Output } from './output.ts';
import { fieldsText } from './print-table.ts';

/** What came of a change of one entry. */
export interface ChangeOutcome {
  readonly key: string;
  /** Such as `stored` or `notStored`. */
  readonly outcome: string;
  /** Why the change was not applied; absent if it was. */
  readonly refusal?: string;
  /** What the answer says of the entry now. */
  readonly facts: Partial<Lifetime> & {
    readonly value?: string;
    readonly existed?: boolean;
    readonly revision?: string;
    readonly token?: string;
    readonly local?: boolean;
  };
}

/** Prints what came of a change and returns how the command ends. What was not applied is told on standard error. */
export function showChange(output: Output, { json }: { readonly json?: true }, change: ChangeOutcome): ExitName {
  if (json === true) output.json(changeJson(change));
  else if (change.refusal === undefined) output.data(fieldsText(changeFields(change)));
  else output.notice(refusalText(change));
  return change.refusal === undefined ? 'done' : 'no';
}

/** Returns a change as an object for JSON. */
export function changeJson({ key, outcome, refusal, facts }: ChangeOutcome): Record<string, unknown> {
  const { value, existed, revision, token, local } = facts;
  const life = isLifetime(facts) ? lifetimeJson(facts) : {};
  const given = { revision: revision || undefined, token: token || undefined, local: local || undefined };
  return { key, outcome, reason: refusal, value, existed, ...given, ...life };
}

const LOCAL = 'yes, the store could not be reached: this node alone keeps it, until the store is back';

function changeFields({ key, outcome, facts }: ChangeOutcome): Record<string, string | undefined> {
  const life = isLifetime(facts) ? lifetimeFields(facts) : {};
  const given = { revision: facts.revision || undefined, ...life, token: facts.token || undefined };
  return { [outcome]: key, value: facts.value, local: facts.local ? LOCAL : undefined, ...given };
}

function refusalText({ outcome, refusal, facts }: ChangeOutcome): string {
  const words = outcome.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words}: ${refusal}${facts.revision ? `, the entry has revision ${facts.revision}` : ''}`;
}

function isLifetime(facts: Partial<Lifetime>): facts is Lifetime {
  return facts.freshFor !== undefined;
}
