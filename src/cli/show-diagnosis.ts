import { type DoctorResponse, type Finding, Severity } from '../gen/reprise/v1/admin_service.ts';
import { enumName } from './enum-name.ts';
import type { ExitName } from './exit-codes.ts';
import type { Look, Output } from './output.ts';

const LOOKS: Readonly<Record<number, Look>> = {
  [Severity.INFO]: 'dim',
  [Severity.WARNING]: 'yellow',
  [Severity.ERROR]: 'red',
};

/** Returns what Doctor said as an object for JSON. */
export function diagnosisJson({ checks, findings }: DoctorResponse): Record<string, unknown> {
  return { checks, findings: findings.map((finding) => ({ ...finding, severity: severityOf(finding) })) };
}

/** Returns what Doctor said for people: each finding, what to do about it, and what was looked at. */
export function diagnosisText({ checks, findings }: DoctorResponse, { paint }: Pick<Output, 'paint'>): string {
  const blocks = findings.map((finding) => {
    const head = paint(LOOKS[finding.severity] ?? 'bold', `${severityOf(finding).padEnd(7)} ${finding.check}`);
    const advice = finding.severity === Severity.INFO ? '' : `\n        ${finding.whatToDo}`;
    return `${head}  ${finding.what}${advice}\n`;
  });
  return `${blocks.join('')}${checks.length} checks: ${checks.join(', ')}; ${tallyText(findings)}\n`;
}

/** `failed` if something is wrong, so that a script notices. */
export function exitOfDiagnosis({ findings }: DoctorResponse): ExitName {
  return findings.some(({ severity }) => severity === Severity.ERROR) ? 'failed' : 'done';
}

function severityOf({ severity }: Finding): string {
  return enumName(Severity, severity);
}

function tallyText(findings: readonly Finding[]): string {
  const countOf = (wanted: number): number => findings.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings] = [countOf(Severity.ERROR), countOf(Severity.WARNING)];
  return errors + warnings === 0 ? 'all is well' : `${errors} wrong, ${warnings} to look after`;
}
