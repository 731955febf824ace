import { createReadStream } from 'node:fs';
import { limits } from '../base/limits.ts';
import { ConfigError } from '../config/config-error.ts';
import { formatSizeBytes } from '../config/sizes.ts';

/** Where a command may be given a value. */
export interface ValueSource {
  /** The value as text; `-` stands for standard input. */
  readonly argument?: string | undefined;
  readonly file?: string | undefined;
}

/** Returns the bytes of a value; throws a ConfigError if it can't be read or no namespace may hold it. */
export async function readValue({ argument, file }: ValueSource): Promise<Buffer> {
  if (file !== undefined) return bytesOf(createReadStream(file), `--file ${file}`);
  if (argument === '-') return bytesOf(process.stdin, 'standard input');
  return Buffer.from(argument ?? '', 'utf8');
}

async function bytesOf(stream: NodeJS.ReadableStream, where: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let count = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      count += (chunk as Buffer).length;
      if (count > limits.valueBytesMax) break;
    }
  } catch (cause) {
    throw new ConfigError(`${where}: ${(cause as Error).message}`, { cause });
  }
  if (count <= limits.valueBytesMax) return Buffer.concat(chunks);
  throw new ConfigError(`${where}: a value has at most ${formatSizeBytes(limits.valueBytesMax)}`);
}
