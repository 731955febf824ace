import type { Sections } from './sections.ts';

const PART = /^<!-- generated: ([\w-]+) -->\n(?:(?!<!-- )[\s\S])*?^<!-- \/generated -->$/gm;
const OPENING = /^<!-- generated: /gm;

/**
 * Returns a document with each generated part written anew. Throws an Error if a part is not closed, is named by nothing,
 * or if a section has no place in the document.
 */
export function fillSections(document: string, sections: Sections): string {
  const placed = new Set<string>();
  const filled = document.replaceAll(PART, (_part, name: string) => {
    const section = sections[name];
    if (section === undefined) throw new Error(`nothing generates the part "${name}"`);
    placed.add(name);
    return `<!-- generated: ${name} -->\n\n${section()}\n\n<!-- /generated -->`;
  });
  const missing = Object.keys(sections).filter((name) => !placed.has(name));
  if (missing.length > 0) throw new Error(`no place for the generated parts ${missing.join(', ')}`);
  if (placed.size !== document.match(OPENING)?.length)
    throw new Error('a generated part is not closed, or comes twice');
  return filled;
}
