import { createInterface } from 'node:readline';
import { ConfigError } from '../config/config-error.ts';

/**
 * Asks whoever sits at the terminal whether to go on; true if the answer is yes. Ctrl-C and Ctrl-D are no. Without a
 * terminal nobody can be asked: throws a ConfigError that names `--yes`.
 */
export async function confirm(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new ConfigError(`${question} Nobody can be asked here: say --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  return await new Promise((resolve) => {
    asking.on('SIGINT', () => asking.close());
    asking.on('close', () => resolve(false));
    asking.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      asking.close();
    });
  });
}
