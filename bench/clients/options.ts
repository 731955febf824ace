import { ArgumentError, readArguments, readInteger } from '../support/arguments.ts';
import { type LanguageName, languageNames } from './languages.ts';

/** How the clients are measured. */
export interface ClientsOptions {
  /** Times that servers and drivers are started afresh. Default 2. */
  readonly launches: number;
  /** Rounds over all measurements of a language in each launch, beside the one that warms up. Default 2. */
  readonly rounds: number;
  /** Seconds of each measurement; changes are followed three times as long. Default 1. */
  readonly seconds: number;
  /** Who is measured. Default: all. */
  readonly languages: readonly LanguageName[];
}

/** What is measured where nothing else is asked for. */
export const clientsDefaults: ClientsOptions = { launches: 2, rounds: 2, seconds: 1, languages: languageNames };

/** Reads the command line of the clients' benchmark. Throws ArgumentError. */
export function readClientsOptions(args: readonly string[]): ClientsOptions {
  const given = readArguments(args, ['launches', 'rounds', 'seconds', 'languages']);
  return {
    launches: readInteger('launches', given.launches, clientsDefaults.launches),
    rounds: readInteger('rounds', given.rounds, clientsDefaults.rounds),
    seconds: readInteger('seconds', given.seconds, clientsDefaults.seconds),
    languages: given.languages?.split(',').map(languageName) ?? clientsDefaults.languages,
  };
}

function languageName(name: string): LanguageName {
  const found = languageNames.find((known) => known === name);
  if (found === undefined) throw new ArgumentError(`--languages must be of ${languageNames.join(',')}`);
  return found;
}
