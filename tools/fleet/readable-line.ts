const HIDDEN: ReadonlySet<string> = new Set(['level', 'time', 'event', 'msg']);

/** Returns a line of a node's log as people read it: level, text, fields. What is no log line stays as it is. */
export function readableLine(line: string): string {
  const { level, msg, ...fields } = parsed(line);
  if (level === undefined) return line;
  const shown = Object.entries(fields).filter(([name]) => !HIDDEN.has(name));
  const told = shown.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${String(level).padEnd(5)} ${msg}${told.length === 0 ? '' : `  ${told.join(' ')}`}`;
}

function parsed(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
