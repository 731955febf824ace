/** What the primary process tells a worker. */
export type ToWorker = { readonly kind: 'drain' } | { readonly kind: 'scrape'; readonly id: number };

/** What a worker tells the primary process. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'scraped'; readonly id: number; readonly text: string };

/** The part of a worker's process that is used. */
export interface WorkerProcess {
  readonly pid: number;
  send(message: ToWorker): void;
  kill(signal: NodeJS.Signals): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Told once; `code` is undefined if a signal ended it. */
  onExit(listener: (code: number | undefined) => void): void;
}
