import type { Node, SourceFile } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import {
  isIdentifier,
  isPropertyAccessExpression,
  isStringLiteral,
  isVariableStatement,
} from 'typescript/unstable/ast/is';
import { nodesOf } from './syntax-trees.ts';

const LIMIT_NAME = /(?:^l|L)imits$|Max$/;

/** Returns the names of the exported constants of a file that are limits, or objects of limits. */
export function exportedLimits(file: SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (!isVariableStatement(statement) || !isExported(statement)) return [];
    const names = statement.declarationList.declarations.map(({ name }) => name.getText(file));
    return names.filter((name) => LIMIT_NAME.test(name));
  });
}

/** Returns all texts in quotes, and all names after a dot, that occur in a file: what shows that a table's row is used. */
export function namesUsed(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    if (isStringLiteral(node)) return [node.text];
    const named = isPropertyAccessExpression(node) && isIdentifier(node.name);
    return named ? [`${node.expression.getText(file)}.${node.name.text}`] : [];
  });
}

function isExported(statement: Node & { readonly modifiers?: readonly Node[] }): boolean {
  return statement.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
}
