import { Client, credentials } from '@grpc/grpc-js';
import { type BatchSetItem, CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { createNamespace } from '../support/namespaces.ts';
import { callUnary, channelOptions } from '../support/rpc.ts';

/** Changes of one batch: few enough that their events fit into one message. */
export const batchChanges = 500;

const namespace = 'soak';
/** So little that the store is full, and evicts, before anything is measured. */
const CAPACITY_BYTES = 16 * 1024 * 1024;
const value = Buffer.alloc(100, 'v');

/** Makes changes by BatchSet, one batch after the other. */
export class BatchWriter implements Disposable {
  readonly #client: Client;
  readonly #keys: number;
  #written = 0;

  private constructor(client: Client, keys: number) {
    this.#client = client;
    this.#keys = keys;
  }

  /** Creates a namespace, and a writer into it of so many keys in turn. */
  static async open(address: string, keys: number): Promise<BatchWriter> {
    const client = new Client(address, credentials.createInsecure(), channelOptions);
    await createNamespace(client, namespace, CAPACITY_BYTES);
    return new BatchWriter(client, keys);
  }

  /** The namespace that is written. */
  get namespace(): string {
    return namespace;
  }

  /** Changes made. */
  get written(): number {
    return this.#written;
  }

  /** Makes the changes of one batch. Rejects if one of them was refused. */
  async write(): Promise<void> {
    const items = Array.from({ length: batchChanges }, (_, n) => itemOf((this.#written + n) % this.#keys));
    const request = { namespace, items, requestId: '' };
    const { results } = await callUnary(this.#client, CacheServiceService.batchSet, request);
    if (!results.every(({ result }) => result?.$case === 'stored')) throw new Error('a change was refused');
    this.#written += batchChanges;
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function itemOf(number: number): BatchSetItem {
  return {
    key: `change:${number.toString().padStart(9, '0')}`,
    content: { $case: 'value', value },
    contentType: '',
    tags: [],
    ttl: undefined,
    staleWindow: undefined,
    condition: undefined,
  };
}
