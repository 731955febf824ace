import { fileURLToPath } from 'node:url';

/**
 * Lets every Node process started from here on keep what it has compiled where the others find it. Tests start hundreds that
 * load the same modules: it saves half of each start.
 */
export function shareCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
}
