// Goal: the table of the clients says what was run, and keeps what was not. Method: results by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Result, tableOf, type Verdict } from '../../../clients/conformance/runner/report.ts';

function result(language: string, family: string, verdict: Verdict): Result {
  return { language, family, name: 'x', verdict, tookMs: 0 };
}

const FAMILIES = ['reads', 'near cache'];
const HEADER = '| client | reads | near cache |\n|---|---|---|';

test('a cell counts what passed of what was declared', () => {
  const results = [
    result('go', 'reads', 'passed'),
    result('go', 'reads', 'failed'),
    result('go', 'reads', 'known'),
    result('go', 'reads', 'undeclared'),
    result('go', 'near cache', 'undeclared'),
  ];
  const cell = '1 of 3 (1 not declared, 1 known to fail)';
  assert.equal(tableOf(results, FAMILIES), `${HEADER}\n| go | ${cell} | not declared |`);
});

test('rows of languages that did not run stay, those that ran are new', () => {
  const before = `${HEADER}\n| go | 1 of 2 | 1 of 1 |\n| java | 2 of 2 | not declared |\n`;
  const results = [result('go', 'reads', 'passed'), result('go', 'near cache', 'passed')];
  assert.equal(
    tableOf(results, FAMILIES, before),
    `${HEADER}\n| go | 1 of 1 | 1 of 1 |\n| java | 2 of 2 | not declared |`,
  );
});

test('rows under other columns are not kept', () => {
  const before = '| client | reads |\n|---|---|\n| java | 2 of 2 |\n';
  const results = [result('go', 'reads', 'passed'), result('go', 'near cache', 'passed')];
  assert.doesNotMatch(tableOf(results, FAMILIES, before), /java/);
});
