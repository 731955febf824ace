// Goal: progress suits where it is written. Method: an output that keeps what it is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressBar } from '../../../bench/demo/progress-bar.ts';

function written(isTTY: boolean, columns = 200): { readonly texts: string[]; readonly bar: ProgressBar } {
  const texts: string[] = [];
  return { texts, bar: new ProgressBar({ isTTY, columns, write: (text) => texts.push(text) }, 'trace', 100) };
}

test('elsewhere than on a terminal a line is written at each tenth', () => {
  const { texts, bar } = written(false);
  for (let done = 1; done <= 100; done += 1) bar.update(done);
  bar.finish();
  assert.equal(texts.length, 11);
  assert.equal(texts.at(-1), 'trace 100 %\n');
});

test('on a terminal the bar redraws its line and clears it at the end', () => {
  const { texts, bar } = written(true);
  bar.update(50, 'half');
  bar.finish();
  assert.equal(texts[0], `\r\x1b[2Ktrace ${'█'.repeat(15)}${'░'.repeat(15)}  50 % half`);
  assert.equal(texts[1], '\r\x1b[2K');
});

test('the bar never fills the last column of the terminal', () => {
  const { texts, bar } = written(true, 20);
  bar.update(50);
  assert.equal(texts[0]!.replace('\r\x1b[2K', '').length, 19);
});
