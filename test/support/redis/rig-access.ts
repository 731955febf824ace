import { makeCertificates } from '../certificates.ts';
import { type RedisAccess, SERVICE_PASSWORD, SERVICE_USER } from './redis-access.ts';
import type { RedisRig, RigOptions } from './rig.ts';

/** What a rig says about access, and how its servers protect themselves. */
export interface RigAccess extends Pick<RedisRig, 'user' | 'password' | 'prefix' | 'caFile'> {
  readonly servers: RedisAccess;
}

/** Makes certificates if the options want TLS; the stack removes them. */
export async function makeRigAccess(options: RigOptions, owned: AsyncDisposableStack): Promise<RigAccess> {
  const { tls = false, acl = false, prefix = 'reprise:' } = options;
  const made = tls ? owned.use(await makeCertificates()) : undefined;
  return {
    user: acl ? SERVICE_USER : undefined,
    password: acl ? SERVICE_PASSWORD : undefined,
    prefix,
    caFile: made?.authority.certFile,
    servers: { tls: made, aclPrefix: acl ? prefix : undefined },
  };
}
