import { exampleConfigSection, exampleFleetConfigSection } from './example-config.ts';
import { flagsSection } from './flags-section.ts';
import { defaultsSection, limitsSection } from './limits-section.ts';
import { logEventsSection } from './log-events-section.ts';
import { metricsSection } from './metrics-section.ts';
import { namespaceKeysSection } from './namespace-keys-section.ts';
import { reasonsSection } from './reasons-section.ts';
import { weightSection } from './weight-section.ts';

/** What writes each generated part of the documentation, by the name in its marker. */
export type Sections = Readonly<Record<string, () => string>>;

/** The generated parts of docs/operations.md. */
export const operationsSections: Sections = {
  weight: weightSection,
  flags: flagsSection,
  'namespace-keys': namespaceKeysSection,
  'example-config': exampleConfigSection,
  'example-fleet-config': exampleFleetConfigSection,
  limits: limitsSection,
  defaults: defaultsSection,
  'error-reasons': reasonsSection,
  metrics: metricsSection,
  'log-events': logEventsSection,
};
