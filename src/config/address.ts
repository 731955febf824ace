import { ConfigError } from './config-error.ts';

/** Where a server listens. */
export interface Address {
  /** A host name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  /** 0 to 65535; 0 means any that is free. */
  readonly port: number;
}

const FORM = /^(?:\[([0-9a-fA-F:.%\w-]+)\]|([^\s:[\]/]+)):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** Reads HOST:PORT; an IPv6 address stands in brackets. `where` names the place for the error, a ConfigError. */
export function parseAddress(text: string, where: string): Address {
  const match = FORM.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > PORT_MAX) {
    throw new ConfigError(
      `${where}: expected HOST:PORT such as 127.0.0.1:7171 or [::1]:7171, ports 0 to ${PORT_MAX}, found "${text}"`,
    );
  }
  return { host, port };
}

/** Writes an address as HOST:PORT, an IPv6 address in brackets. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
