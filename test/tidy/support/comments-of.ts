import type { SourceFile } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import { nodesOf } from './syntax-trees.ts';

/** One line of a comment, without the marks around it. */
export interface CommentLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

const TEXT_KINDS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
]);
const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//g;

/** Returns all lines of the comments of a file. What looks like a comment inside a text or a pattern is none. */
export function commentsOf(file: SourceFile): CommentLine[] {
  return [...withoutTexts(file).matchAll(COMMENT)].flatMap(({ 0: { length }, index }) => {
    const first = file.getLineAndCharacterOfPosition(index).line + 1;
    const lines = file.text.slice(index, index + length).split('\n');
    return lines.map((line, offset) => ({ line: first + offset, text: bare(line) })).filter(({ text }) => text !== '');
  });
}

// Keeps the length, so that positions stay those of the file.
function withoutTexts(file: SourceFile): string {
  let text = file.text;
  for (const node of nodesOf(file)) {
    if (!TEXT_KINDS.has(node.kind)) continue;
    const start = node.getStart(file);
    text = text.slice(0, start) + ' '.repeat(node.end - start) + text.slice(node.end);
  }
  return text;
}

function bare(line: string): string {
  return line
    .replace(/^\s*(?:\/\/+|\/\*+|\*(?!\/))?/, '')
    .replace(/\*+\/\s*$/, '')
    .trim();
}
