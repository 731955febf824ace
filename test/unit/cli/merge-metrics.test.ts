// Goal: the metrics of all workers are one text that Prometheus reads, and no number is lost or added to another. Method:
// texts as workers write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMetrics } from '../../../src/cli/fleet/merge-metrics.ts';

const READY = '# HELP reprise_ready 1 while it serves.\n# TYPE reprise_ready gauge\nreprise_ready';
const HITS = '# HELP reprise_hits_total Hits.\n# TYPE reprise_hits_total counter\nreprise_hits_total';

test('each number has the label of its worker, first of all labels or alone', () => {
  assert.equal(
    mergeMetrics([{ worker: 2, text: `${READY} 1\n\n${HITS}{namespace="a",kind="fresh"} 7\n` }]),
    `${READY}{worker="2"} 1\n\n${HITS}{worker="2",namespace="a",kind="fresh"} 7\n`,
  );
});

test('a metric of several workers stands in one place, told once', () => {
  const merged = mergeMetrics([
    { worker: 1, text: `${READY} 1\n\n${HITS}{namespace="a"} 7\n` },
    { worker: 2, text: `${READY} 0\n` },
  ]);
  assert.equal(merged, `${READY}{worker="1"} 1\nreprise_ready{worker="2"} 0\n\n${HITS}{worker="1",namespace="a"} 7\n`);
});

test('braces, blanks and line ends in the text of a label are left alone', () => {
  const odd = '{name="a } b{c=\\"d\\" \\n# HELP x"}';
  assert.match(
    mergeMetrics([{ worker: 1, text: `${HITS}${odd} 1\n` }]),
    /\{worker="1",name="a \} b\{c=\\"d\\" \\n# HELP x"\} 1\n$/,
  );
});

test('without workers there are no metrics', () => {
  assert.equal(mergeMetrics([]), '\n');
});
