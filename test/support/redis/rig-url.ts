import { SERVICE_PASSWORD, SERVICE_USER } from './redis-access.ts';
import type { RedisRig, RedisShape, RigOptions } from './rig.ts';

/** What the Sentinels call the primary. */
export const PRIMARY_NAME = 'reprise-primary';

const SCHEMES: Readonly<Record<RedisShape, string>> = { standalone: '', sentinel: '+sentinel', cluster: '+cluster' };

/** Returns the URL of a rig as the product takes it; with the ports of proxies, one that leads through them. */
export function rigUrl(shape: RedisShape, { tls, acl }: RigOptions, ports: readonly number[]): string {
  const login = acl === true ? `${SERVICE_USER}:${SERVICE_PASSWORD}@` : '';
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `redis${tls === true ? 's' : ''}${SCHEMES[shape]}://${login}${hosts}${shape === 'sentinel' ? `/${PRIMARY_NAME}` : ''}`;
}

/** Returns the URL of a rig with other ports, those of proxies. */
export function rigUrlThrough({ shape, caFile, user }: RedisRig, ports: readonly number[]): string {
  return rigUrl(shape, { tls: caFile !== undefined, acl: user !== undefined }, ports);
}
