import { BlockList, isIP } from 'node:net';
import { type Address, formatAddress } from './address.ts';
import type { Config } from './config.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Tells whether only this machine reaches a host. Names other than `localhost` count as reachable: what they resolve to
 * may change.
 */
export function isLoopback(host: string): boolean {
  const address = host.split('%', 1)[0]!;
  const family = isIP(address);
  if (family === 0) return /^localhost\.?$/i.test(host);
  return loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Returns why the server must not listen where it was asked to, and what to do about it; undefined if it may. Whatever
 * other machines reach is encrypted, unless the operator takes the risk.
 */
export function listenProblem(config: Pick<Config, 'listen' | 'opsListen' | 'tls' | 'insecure'>): string | undefined {
  if (config.insecure) return undefined;
  if (config.tls === undefined && !isLoopback(config.listen.host)) {
    return `${reachable('--listen', config.listen)} without TLS: give --tls-cert and --tls-key, or listen on 127.0.0.1, or take the risk with --insecure`;
  }
  if (config.opsListen !== 'off' && !isLoopback(config.opsListen.host)) {
    return `${reachable('--ops-listen', config.opsListen)} and the ops port speaks no TLS: listen on 127.0.0.1, say --ops-listen off, or take the risk with --insecure`;
  }
  return undefined;
}

function reachable(flag: string, address: Address): string {
  return `${flag} ${formatAddress(address)} can be reached from other machines`;
}
