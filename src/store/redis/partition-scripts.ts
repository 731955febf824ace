import { loadScript } from './load-script.ts';

/** The scripts that a partition is worked by. `scripts/NAME.lua` says what each takes and answers. */
export const partitionScripts = {
  covering: loadScript('covering'),
  recall: loadScript('recall'),
  write: loadScript('write'),
  retime: loadScript('retime'),
  remove: loadScript('remove'),
  invalidate: loadScript('invalidate'),
  settle: loadScript('settle'),
  lease: loadScript('lease'),
  release: loadScript('release'),
  keys: loadScript('keys'),
  tidy: loadScript('tidy'),
  count: loadScript('count'),
  drop: loadScript('drop'),
  beat: loadScript('beat'),
  nodes: loadScript('nodes'),
  askNodes: loadScript('ask-nodes'),
  leave: loadScript('leave'),
  changesSince: loadScript('changes-since'),
  table: loadScript('table'),
} as const;
