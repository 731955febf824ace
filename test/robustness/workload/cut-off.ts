import { until } from '../../support/until.ts';
import type { TcpProxy } from '../faults/tcp-proxy.ts';
import type { Subscription } from './subscription.ts';

/** Cuts until the stream has ended: its connection may have been on its way, and grpc-js tries once more by itself. */
export function cutOff(subscription: Subscription, proxy: TcpProxy): Promise<void> {
  const isCut = (): boolean => {
    proxy.cut();
    return !subscription.recorded.isOpen;
  };
  return until(isCut, { what: 'the end of a stream that was cut off' });
}
