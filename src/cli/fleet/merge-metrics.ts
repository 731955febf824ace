/** The metrics of one worker, as text for Prometheus. */
export interface WorkerMetrics {
  readonly worker: number;
  readonly text: string;
}

interface Family {
  readonly comments: readonly string[];
  readonly samples: string[];
}

/**
 * Returns the metrics of all workers as one text: each number has the label `worker`. Nothing is added up: of a gauge the
 * sum may mean nothing, and whoever wants it has `sum by`.
 */
export function mergeMetrics(all: readonly WorkerMetrics[]): string {
  const families = new Map<string, Family>();
  for (const { worker, text } of all) {
    for (const block of text.split(/\n(?=# HELP )/)) addBlock(families, block, worker);
  }
  const blocks = [...families.values()].map(({ comments, samples }) => [...comments, ...samples].join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function addBlock(families: Map<string, Family>, block: string, worker: number): void {
  const lines = block.split('\n').filter((line) => line !== '');
  const comments = lines.filter((line) => line.startsWith('#'));
  const [head] = comments;
  if (head === undefined) return;
  const family = families.get(head) ?? { comments, samples: [] };
  families.set(head, family);
  for (const line of lines) if (!line.startsWith('#')) family.samples.push(labelled(line, worker));
}

/** A sample is `name value` or `name{label="…"} value`; a label's text may hold anything, but not before the brace. */
function labelled(line: string, worker: number): string {
  const label = `worker="${worker}"`;
  const at = line.search(/[{ ]/);
  const rest = line.slice(at);
  return rest.startsWith('{')
    ? `${line.slice(0, at)}{${label},${rest.slice(1)}`
    : `${line.slice(0, at)}{${label}}${rest}`;
}
