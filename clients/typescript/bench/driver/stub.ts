import { credentials } from '@grpc/grpc-js';
import {
  type BatchGetRequest,
  type BatchGetResponse,
  CacheServiceClient,
  type GetRequest,
  type GetResponse,
} from '../../src/gen/reprise/v1/cache_service.ts';
import type { Command } from './command.ts';

/** The generated stub alone, as somebody without the client would use it. */
export class Stub implements Disposable {
  readonly #client: CacheServiceClient;
  readonly #command: Command;

  constructor(command: Command) {
    this.#client = new CacheServiceClient(command.address, credentials.createInsecure());
    this.#command = command;
  }

  /** Reads the first key, and returns the bytes of its value. */
  async get(): Promise<number> {
    const { namespace, keys } = this.#command;
    const rest = { consistency: undefined, ifRevisionNot: '', allowStale: false, lease: undefined, withTags: false };
    const request: GetRequest = { namespace, key: keys[0]!, ...rest };
    const { result } = await new Promise<GetResponse>((resolve, reject) => {
      this.#client.get(request, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
    return result?.$case === 'hit' ? bytesOf(result.value) : 0;
  }

  /** Reads all keys by one call, and returns the bytes of their values. */
  async getMany(): Promise<number> {
    const { namespace, keys } = this.#command;
    const rest = { consistency: undefined, allowStale: false, withTags: false };
    const request: BatchGetRequest = { namespace, keys: [...keys], ...rest };
    const { results } = await new Promise<BatchGetResponse>((resolve, reject) => {
      this.#client.batchGet(request, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
    let bytes = 0;
    for (const { result } of results) if (result?.$case === 'hit') bytes += bytesOf(result.value);
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

interface Valued {
  readonly content?: { readonly $case: string; readonly value: unknown } | undefined;
}

function bytesOf({ content }: Valued): number {
  return content?.$case === 'value' ? (content.value as Uint8Array).length : 0;
}
