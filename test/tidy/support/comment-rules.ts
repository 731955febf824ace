import type { Node, SourceFile, Statement } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import { isExportDeclaration, isVariableStatement } from 'typescript/unstable/ast/is';
import { commentsOf } from './comments-of.ts';
import type { Finding } from './findings.ts';
import { lineOf } from './syntax-trees.ts';

/** Returns the exported declarations of a file that no doc comment explains. Re-exports are explained elsewhere. */
export function undocumentedExports(path: string, file: SourceFile): Finding[] {
  const exported = file.statements.filter((statement) => isExported(statement) && !isExportDeclaration(statement));
  return exported
    .filter(({ jsDoc }) => jsDoc === undefined || jsDoc.length === 0)
    .map((statement) => {
      const what = `${nameOf(statement, file)} is exported and has no doc comment`;
      return { path, line: lineOf(file, statement), what };
    });
}

/** Returns the comments of a file that are code: what is not needed is deleted, git remembers it. */
export function commentedOutCode(path: string, file: SourceFile): Finding[] {
  return commentsOf(file)
    .filter(({ text }) => isCode(text))
    .map(({ line, text }) => ({ path, line, what: `code in a comment: ${text}` }));
}

const CODE = [
  /^(?:import|export|const|let|var|return|throw|await|function|class|interface)\b.*[;{]$/,
  /^(?:if|for|while|switch) \(.*[;{]$/,
  /^[\w.#$[\]]+ (?:[-+*/|&?]{0,3})= .*;$/,
  /^(?:await |void )?[\w.#$]+\(.*\);$/,
  /^[})\]]+;?$/,
];

function isCode(text: string): boolean {
  return CODE.some((form) => form.test(text));
}

function isExported(statement: Statement): boolean {
  const { modifiers } = statement as Statement & { readonly modifiers?: readonly Node[] };
  return modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
}

function nameOf(statement: Statement, file: SourceFile): string {
  const declaration = isVariableStatement(statement) ? statement.declarationList.declarations[0]! : statement;
  return (declaration as Node & { readonly name?: Node }).name?.getText(file) ?? 'the default export';
}
