import { loadScript } from './load-script.ts';

/** The scripts that keep control documents. `scripts/NAME.lua` says what each takes and answers. */
export const controlScripts = {
  open: loadScript('control-open'),
  look: loadScript('control-look'),
  put: loadScript('control-put'),
  remove: loadScript('control-remove'),
  secret: loadScript('control-secret'),
  restore: loadScript('control-restore'),
} as const;
