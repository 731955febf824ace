import { Command } from 'commander';
import { AdminServiceService } from '../../gen/reprise/v1/admin_service.ts';
import { onCall } from '../client-command.ts';
import { diagnosisJson, diagnosisText, exitOfDiagnosis } from '../show-diagnosis.ts';
import { teach } from '../teach.ts';

interface DoctorOptions {
  readonly json?: true;
}

/** Makes `reprise doctor`. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('Looks at a server and the store behind it, and says what needs attention, the gravest first.')
    .option('--json', 'print one JSON object');
  return teach(
    onCall(
      command,
      async ({ connection, output }) => {
        const diagnosis = await connection.call(AdminServiceService.doctor, {});
        if (command.opts<DoctorOptions>().json === true) output.json(diagnosisJson(diagnosis));
        else output.data(diagnosisText(diagnosis, output));
        return exitOfDiagnosis(diagnosis);
      },
      { withoutNamespace: true },
    ),
    {
      examples: [
        ['what needs attention', 'reprise doctor'],
        ['in a script: fails if something is wrong', 'reprise doctor --json > report.json'],
        ['only what is wrong', `reprise doctor --json | jq -r '.findings[] | select(.severity == "ERROR").what'`],
      ],
      next: 'It asks one server: of a fleet, ask each. All checks: docs/operations.md.',
    },
  );
}
