/** What happened in one run, in words. Written only when somebody wants to read it. */
export class History {
  readonly lines: string[] = [];
  readonly #written: boolean;
  readonly #nowMs: () => number;

  constructor(written: boolean, nowMs: () => number) {
    this.#written = written;
    this.#nowMs = nowMs;
  }

  /** Adds a line: who did what. */
  note(who: string, what: () => string): void {
    if (this.#written) this.lines.push(`${String(this.#nowMs()).padStart(5)}  ${who.padEnd(9)} ${what()}`);
  }
}
