/** Where progress is written, as far as it is used: `process.stderr` fits. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells how far something is: a bar that redraws itself on a terminal, a line at each tenth elsewhere. */
export class ProgressBar {
  readonly #output: ProgressOutput;
  readonly #title: string;
  readonly #total: number;
  #shown = -1;

  constructor(output: ProgressOutput, title: string, total: number) {
    this.#output = output;
    this.#title = title;
    this.#total = total;
  }

  /** Shows that `done` of the total are done. Cheap: writes only when something to see has changed. */
  update(done: number, note = ''): void {
    const steps = this.#output.isTTY === true ? 200 : 10;
    const step = Math.floor((done / Math.max(1, this.#total)) * steps);
    if (step === this.#shown) return;
    this.#shown = step;
    const share = step / steps;
    this.#output.write(this.#output.isTTY === true ? this.#bar(share, note) : this.#line(share, note));
  }

  /** Clears the bar, so that what follows stands on a line of its own. */
  finish(): void {
    if (this.#output.isTTY === true) this.#output.write('\r\x1b[2K');
  }

  #bar(share: number, note: string): string {
    const width = 30;
    const full = Math.round(share * width);
    const text = `${this.#title} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent(share)} ${note}`;
    return `\r\x1b[2K${text.slice(0, (this.#output.columns ?? 80) - 1)}`;
  }

  #line(share: number, note: string): string {
    return `${this.#title} ${percent(share)} ${note}`.trimEnd().concat('\n');
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`.padStart(5);
}
