/** What a server tells of itself when a connection begins. */
export interface Greeting {
  /** Run id: another one after each restart. */
  readonly server: string;
  readonly role: string;
  /** It reads its data from disk and can't answer yet. */
  readonly loading: boolean;
  /** All fields of INFO. */
  readonly info: ReadonlyMap<string, string>;
}

/** Reads the answer to INFO, or a part of it. */
export function readGreeting(text: string): Greeting {
  const info = readInfo(text);
  return {
    server: info.get('run_id') ?? '',
    role: info.get('role') ?? '',
    loading: info.get('loading') === '1',
    info,
  };
}

/** Returns the fields of INFO or CLUSTER INFO. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  const fields = text.split('\r\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 0 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(fields);
}
