import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { SeededRandom } from './seeded-random.ts';

/** Where texts come from: a pool by the field's name. */
export type TextPool = (fieldName: string) => readonly string[];

const INTEGERS = [
  0n,
  1n,
  -1n,
  2n,
  16n,
  1000n,
  1001n,
  2n ** 31n - 1n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const NANOS = [0n, 0n, 0n, 1n, 1_000_000n, 999_999_999n, 1_000_000_000n, -1n];
const DOUBLES = [0, -0, 0.1, 0.5, 0.500001, 1, -1, 1e308, Number.NaN, Number.POSITIVE_INFINITY];
/** Seconds of a Duration that a server would wait: only such as it refuses, so that a run takes no longer for them. */
const WAITS = [0n, 0n, 0n, 31n, -1n];
const LENGTHS = [0, 1, 3, 3, 8, 65];
const BYTES = [0, 1, 1, 1, 2, 20, 100, 100, 300, 1000, 4096, 70_000];
const DEPTH_MAX = 6;

/**
 * Returns the bytes of a message of this type: most fields absent or sensible, some strange, a few of another wire type
 * or unknown. What it holds is decided by `random` alone.
 */
export function fuzzMessage(type: DescMessage, random: SeededRandom, texts: TextPool, depth = 0): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of type.fields) {
    if (!random.chance(chanceOf(field)) || depth > DEPTH_MAX) continue;
    const count = field.fieldKind === 'list' ? random.pick(LENGTHS) : 1;
    for (let i = 0; i < count; i++) writeField(writer, field, random, texts, depth);
  }
  if (random.chance(0.02)) writer.tag(1 + random.below(2000), WireType.Varint).int32(random.below(1000));
  return writer.finish();
}

/** Keys and contents are nearly always given, members of a oneof seldom together. */
function chanceOf(field: DescField): number {
  if (field.oneof !== undefined) return 1 / field.oneof.fields.length;
  return ['key', 'keys', 'items', 'mode', 'seconds', 'tokens'].includes(field.name) ? 0.95 : 0.3;
}

function writeField(
  writer: BinaryWriter,
  field: DescField,
  random: SeededRandom,
  texts: TextPool,
  depth: number,
): void {
  if (field.name === 'wait') {
    const seconds = new BinaryWriter().tag(1, WireType.Varint).int64(random.pick(WAITS)).finish();
    writer.tag(field.number, WireType.LengthDelimited).bytes(seconds);
  } else if (random.chance(0.005)) {
    writer.tag(field.number, WireType.Bit32).fixed32(random.below(2 ** 31));
  } else if (field.message !== undefined) {
    writer.tag(field.number, WireType.LengthDelimited).bytes(fuzzMessage(field.message, random, texts, depth + 1));
  } else if (field.enum !== undefined) {
    writer.tag(field.number, WireType.Varint).int32(random.pick([0, 1, 1, 2, 2, 7, -1]));
  } else if (field.scalar !== undefined) {
    writeScalar(writer, field, field.scalar, random, texts);
  }
}

function writeScalar(
  writer: BinaryWriter,
  field: DescField,
  type: ScalarType,
  random: SeededRandom,
  texts: TextPool,
): void {
  switch (type) {
    case ScalarType.STRING:
      writer.tag(field.number, WireType.LengthDelimited).string(random.pick(texts(field.name)));
      return;
    case ScalarType.BYTES:
      writer.tag(field.number, WireType.LengthDelimited).bytes(Buffer.alloc(random.pick(BYTES), '7'));
      return;
    case ScalarType.DOUBLE:
      writer.tag(field.number, WireType.Bit64).double(random.pick(DOUBLES));
      return;
    case ScalarType.SINT64:
      writer.tag(field.number, WireType.Varint).sint64(random.pick(INTEGERS));
      return;
    default: {
      // All others are varints on the wire; a bool of 1000 and an int32 of 64 bits are among what clients may send.
      const integers = field.name === 'nanos' ? NANOS : INTEGERS;
      writer.tag(field.number, WireType.Varint).int64(BigInt.asIntN(64, random.pick(integers)));
    }
  }
}
