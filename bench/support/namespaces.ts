import type { Client } from '@grpc/grpc-js';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { ReadFallback, WriteFallback } from '../../src/gen/reprise/v1/namespace.ts';
import { callUnary } from './rpc.ts';

/** Creates a namespace with this capacity and otherwise default settings. */
export async function createNamespace(client: Client, name: string, capacityBytes: number): Promise<void> {
  const settings = {
    defaultTtl: undefined,
    maxTtl: undefined,
    negativeTtl: undefined,
    defaultStaleWindow: undefined,
    capacityBytes: BigInt(capacityBytes),
    readFallback: ReadFallback.UNSPECIFIED,
    writeFallback: WriteFallback.UNSPECIFIED,
    localTtl: undefined,
  };
  await callUnary(client, AdminServiceService.createNamespace, { name, settings });
}

/** Deletes a namespace and all it holds. */
export async function deleteNamespace(client: Client, name: string): Promise<void> {
  await callUnary(client, AdminServiceService.deleteNamespace, { name, expectedVersion: undefined });
}
