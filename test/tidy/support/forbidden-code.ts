import type { Node, SourceFile } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isIdentifier,
  isImportSpecifier,
  isNewExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
} from 'typescript/unstable/ast/is';
import type { Finding } from './findings.ts';
import { lineOf, nodesOf } from './syntax-trees.ts';

/** Tells what is wrong with a node; undefined if nothing is. */
export type CodeRule = (node: Node, file: SourceFile) => string | undefined;

/** Returns the places of a file that break a rule. */
export function breaches(path: string, file: SourceFile, rule: CodeRule): Finding[] {
  return nodesOf(file).flatMap((node) => {
    const what = rule(node, file);
    return what === undefined ? [] : [{ path, line: lineOf(file, node), what }];
  });
}

/** No `any`: say what it is, or `unknown`. */
export const noAny: CodeRule = ({ kind }) =>
  kind === SyntaxKind.AnyKeyword ? '`any` turns the checks off: say `unknown` and find out' : undefined;

/** No `null` of our own: absence is `undefined`. */
export const noNull: CodeRule = ({ kind }) =>
  kind === SyntaxKind.NullKeyword ? '`null` is not used: absence is `undefined`' : undefined;

/** No console: what is told goes through the log. */
export const noConsole: CodeRule = (node) =>
  isPropertyAccessExpression(node) && isNamed(node.expression, 'console') ? 'tell it to the log' : undefined;

/** No test that runs alone, that is left out, or that may fail. */
export const noPartialTests: CodeRule = (node, file) => {
  const name = optionOf(node);
  return name !== undefined && PARTIAL.has(name) && belongsToTest(node, file) ? `a test has .${name}` : undefined;
};

/** No clock, timer or randomness of the machine. */
export const noMachine: CodeRule = (node, file) => {
  const text = calledName(node, file);
  return text !== undefined && MACHINE.has(text) ? `${text} is the machine's: take it as a parameter` : undefined;
};

/** No timer: tests move the clock, and wait for events. */
export const noTimers: CodeRule = (node, file) => {
  const text = calledName(node, file);
  return text !== undefined && TIMERS.has(text) ? `${text}: tests move the clock, and wait for events` : undefined;
};

const PARTIAL: ReadonlySet<string> = new Set(['only', 'skip', 'todo']);
const TEST = /^(?:test|it|describe|suite|t|context)(?:\.|$)/;
const TIMERS: ReadonlySet<string> = new Set(['setTimeout', 'setInterval']);
const MACHINE: ReadonlySet<string> = new Set([
  ...TIMERS,
  'Date.now',
  'new Date()',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'Math.random',
  'randomBytes',
  'randomInt',
  'randomUUID',
  'crypto.getRandomValues',
]);

// What a call, an empty `new Date()`, a name passed on or an import under another name would run.
function calledName(node: Node, file: SourceFile): string | undefined {
  if (isImportSpecifier(node)) return (node.propertyName ?? node.name).getText(file);
  if (isNewExpression(node) && node.arguments?.length === 0) return `${node.getText(file)}`;
  if (isPropertyAccessExpression(node)) return node.getText(file).replace(/^globalThis\./, '');
  if (isCallExpression(node) && isIdentifier(node.expression)) return node.expression.text;
  return undefined;
}

function optionOf(node: Node): string | undefined {
  const named = isPropertyAccessExpression(node) || isPropertyAssignment(node);
  return named && isIdentifier(node.name) ? node.name.text : undefined;
}

// `test.only(…)` and `t.skip()`, or an option of `test('…', { skip: … }, …)`.
function belongsToTest(node: Node, file: SourceFile): boolean {
  if (isPropertyAccessExpression(node)) return TEST.test(node.expression.getText(file));
  const call = node.parent.parent;
  return isCallExpression(call) && TEST.test(call.expression.getText(file));
}

function isNamed(node: Node, name: string): boolean {
  return isIdentifier(node) && node.text === name;
}
