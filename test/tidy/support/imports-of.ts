import { posix } from 'node:path';
import type { Expression, Node, SourceFile } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { lineOf, nodesOf } from './syntax-trees.ts';

/** One module that a file names. */
export interface Import {
  /** Path of the file that imports. */
  readonly from: string;
  readonly line: number;
  /** Path of a file of ours, or the specifier as written, such as `pino` or `node:fs`. */
  readonly target: string;
  /** True if type stripping leaves nothing of it. */
  readonly typeOnly: boolean;
}

/** Returns what a file imports: by declaration, by `export … from`, by `import()` and by `import('…')` types. */
export function importsOf(path: string, file: SourceFile): Import[] {
  return nodesOf(file).flatMap((node) => {
    const found = importIn(node);
    if (found === undefined || !isStringLiteral(found.module)) return [];
    const target = targetOf(path, found.module.text);
    return [{ from: path, line: lineOf(file, node), target, typeOnly: found.typeOnly }];
  });
}

/** Returns the package that a specifier belongs to: `@grpc/grpc-js` of `@grpc/grpc-js/build/src`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Found {
  readonly module: Node;
  readonly typeOnly: boolean;
}

function importIn(node: Node): Found | undefined {
  if (isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { module: node.moduleSpecifier, typeOnly };
  }
  if (isExportDeclaration(node)) return exportFrom(node.moduleSpecifier, node.isTypeOnly);
  if (isImportTypeNode(node)) {
    return isLiteralTypeNode(node.argument) ? { module: node.argument.literal, typeOnly: true } : undefined;
  }
  const dynamic = isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword;
  return dynamic ? { module: node.arguments[0]!, typeOnly: false } : undefined;
}

function exportFrom(module: Expression | undefined, typeOnly: boolean): Found | undefined {
  return module === undefined ? undefined : { module, typeOnly };
}

function targetOf(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier;
}
