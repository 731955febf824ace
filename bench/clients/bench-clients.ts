import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { headline, type RunFacts } from '../run/report.ts';
import { machineFacts, stealTicks, stolenShare } from '../support/machine.ts';
import { writeJson } from '../support/results.ts';
import { formatAmount } from '../support/table.ts';
import { clientsFigures } from './figures.ts';
import { prepareLanguages } from './languages.ts';
import { measureClients } from './measure.ts';
import type { ClientsOptions } from './options.ts';
import { clientsTable, figuresMarkdown } from './report.ts';

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));

/** Measures the clients, writes bench/results/clients.json and returns what is told, the figures as Markdown. */
export async function benchClients(
  options: ClientsOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const commands = await prepareLanguages(options.languages, say);
  const machine = machineFacts();
  const before = stealTicks();
  const measured = await measureClients({
    ...{ ...options, commands, signal },
    onSample(launch, round, name, { perSecond, timed, p50Us, p99Us }) {
      const times = timed === 0 ? '' : `  p50 ${formatAmount(p50Us)} us  p99 ${formatAmount(p99Us)} us`;
      say(`launch ${launch}  round ${round}  ${name}  ${formatAmount(perSecond)} /s${times}`);
    },
    onFailure: (name, error) => say(`${name}: tried again after: ${error}`),
  });
  const facts: RunFacts = { ...machine, ...options, stolenShare: stolenShare(before, stealTicks()) };
  const figures = clientsFigures(measured);
  mkdirSync(resultsDir, { recursive: true });
  writeJson(`${resultsDir}clients.json`, { run: facts, figures });
  return `${headline(facts)}\n\n${clientsTable(measured)}\n${figuresMarkdown(figures)}`;
}
