import { status } from '@grpc/grpc-js';
import { adviceFor } from './advice.ts';
import type { CallError } from './call-error.ts';
import type { ExitName } from './exit-codes.ts';

/** Returns a failed call in one line: what failed, the facts, and the reason that programs branch on. */
export function failureText(error: CallError): string {
  const facts = [...error.facts].map(([name, value]) => `${name} ${value}`).join(', ');
  return `${error.message}${facts === '' ? '' : ` (${facts})`} [${error.reason ?? status[error.code]}]`;
}

/** Returns what people are told of a failed call: what failed and why, and below it what to do. */
export function callErrorText(command: string, error: CallError): string {
  const advice = adviceFor(error);
  return `reprise ${command}: ${failureText(error)}${advice === undefined ? '' : `\n${advice}`}`;
}

/** Returns how a command ends whose call failed. */
export function exitOfCallError({ code }: Pick<CallError, 'code'>): ExitName {
  switch (code) {
    case status.INVALID_ARGUMENT:
      return 'usage';
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
      return 'unavailable';
    default:
      return 'failed';
  }
}
