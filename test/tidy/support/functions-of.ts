import type { Node, SourceFile } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import { lineOf, nodesOf } from './syntax-trees.ts';

/** One function with a body of statements. */
export interface MeasuredFunction {
  readonly path: string;
  readonly name: string;
  readonly line: number;
  /** Lines from its head to its closing brace, without the comment above it, with functions inside it. */
  readonly lines: number;
  /** The same without the bodies of functions inside it: what a list of test cases is measured by. */
  readonly ownLines: number;
}

const KINDS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

type FunctionNode = Node & { readonly body?: Node; readonly name?: Node };

/**
 * Returns the functions of a file: declarations, methods, accessors, constructors, and expressions with braces. Arrows
 * that are one expression are none: they would make every median look good.
 */
export function functionsOf(path: string, file: SourceFile): MeasuredFunction[] {
  const found = nodesOf(file).filter(isFunctionWithBody);
  return found.map((node) => {
    const lines = linesOf(node, file);
    const inside = found.filter((other) => enclosing(other) === node);
    const ownLines = lines - inside.reduce((sum, inner) => sum + linesOf(inner, file) - 1, 0);
    return { path, name: nameOf(node, file), line: lineOf(file, node), lines, ownLines };
  });
}

function isFunctionWithBody(node: Node): node is FunctionNode {
  return KINDS.has(node.kind) && (node as FunctionNode).body?.kind === SyntaxKind.Block;
}

function enclosing(node: Node): Node | undefined {
  let { parent } = node;
  while (parent !== undefined && !isFunctionWithBody(parent)) ({ parent } = parent);
  return parent;
}

function linesOf(node: Node, file: SourceFile): number {
  return file.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - lineOf(file, node);
}

function nameOf(node: FunctionNode, file: SourceFile): string {
  if (node.kind === SyntaxKind.Constructor) return 'constructor';
  const holder = node.name ?? (node.parent as FunctionNode).name;
  return holder?.getText(file) ?? 'anonymous';
}
