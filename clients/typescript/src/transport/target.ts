import { isIP } from 'node:net';

/** Where a server listens. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`; IPv6 in brackets. Throws a TypeError. */
export function parseTarget(text: string): Target {
  const match = /^(?:\[([^\]]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) throw new TypeError('A target is HOST:PORT, IPv6 in brackets.');
  return { host, port };
}

/** Writes a target as it is read. */
export function formatTarget({ host, port }: Target): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for this machine: 127.0.0.0/8, ::1 and localhost. */
export function isLoopback({ host }: Target): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
