import type { Severity } from '../admin/check.ts';
import type { Diagnosis } from '../admin/doctor.ts';
import { type DoctorResponse, Severity as SeverityField } from '../gen/reprise/v1/admin_service.ts';

const SEVERITIES: Readonly<Record<Severity, SeverityField>> = {
  error: SeverityField.ERROR,
  warning: SeverityField.WARNING,
  info: SeverityField.INFO,
};

/** Returns the answer to Doctor. */
export function doctorMessage({ checks, findings }: Diagnosis): DoctorResponse {
  return {
    checks: [...checks],
    findings: findings.map(({ check, severity, what, whatToDo }) => ({
      check,
      severity: SEVERITIES[severity],
      what,
      whatToDo,
    })),
  };
}
