/** One target of the Makefile that people call. */
export interface MakeTarget {
  readonly name: string;
  /** What `make help` says. */
  readonly help: string | undefined;
}

/** Returns the targets that a Makefile declares as phony, in its order. */
export function makeTargets(makefile: string): MakeTarget[] {
  const names = [...makefile.matchAll(/^\.PHONY: (.+)$/gm)].flatMap(([, list]) => list!.split(' '));
  return names.map((name) => ({ name, help: helpOf(makefile, name) }));
}

function helpOf(makefile: string, name: string): string | undefined {
  return new RegExp(`^${name}:[^#\\n]*## (.+)$`, 'm').exec(makefile)?.[1];
}
