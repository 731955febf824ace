/** Where a server listens. */
export interface Address {
  /** A name or an IP address; an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Returns `host:port`, by which addresses are compared. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Tells whether two addresses are the same, as far as their text says. */
export function sameAddress(one: Address | undefined, other: Address | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port;
}
