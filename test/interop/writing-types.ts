import type { Datatype } from '../../src-main/hdf5/model.ts'
import {
  booleanType,
  fixedStringType,
  float32Type,
  float64Type,
  integerType,
} from '../../src-main/hdf5/writing/datatypes.ts'

/* Datatypes for writing-generate.ts, with what numpy calls them. */

const float16: Datatype = {
  class: 'float',
  size: 2,
  classBits: 0x0f20,
  properties: Uint8Array.of(0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0),
}
const longDouble: Datatype = {
  class: 'float',
  size: 16,
  classBits: 0x4f00,
  properties: Uint8Array.of(0, 0, 80, 0, 64, 15, 0, 64, 0xff, 0x3f, 0, 0),
}
export const pair: Datatype = {
  class: 'compound',
  size: 9,
  members: [
    { name: 'a', offset: 0, type: float64Type() },
    { name: 'b', offset: 8, type: integerType(1, false) },
  ],
}
const nested: Datatype = {
  class: 'compound',
  size: 300,
  members: [
    { name: 'pair', offset: 0, type: pair },
    { name: 'grid', offset: 9, type: { class: 'array', size: 48, dims: [2, 3], base: float64Type(false) } },
    { name: 'flag', offset: 57, type: booleanType() },
    { name: 'näme', offset: 58, type: fixedStringType(242, 'ascii') },
  ],
}
const colours: Datatype = {
  class: 'enum',
  size: 2,
  base: integerType(2, true, false),
  members: [
    { name: 'RED', value: Uint8Array.of(0, 1) },
    { name: 'GREEN', value: Uint8Array.of(0xff, 0xfe) },
  ],
}

export const TYPES: readonly (readonly [string, Datatype, string])[] = [
  ...([1, 2, 4, 8] as const).flatMap((size) =>
    [true, false].flatMap((signed) =>
      [true, false].map((little): readonly [string, Datatype, string] => {
        const code = `${little ? '<' : '>'}${signed ? 'i' : 'u'}${size}`
        return [
          `${signed ? 'int' : 'uint'}${size * 8}_${little ? 'le' : 'be'}`,
          integerType(size, signed, little),
          `'${code}'`,
        ]
      }),
    ),
  ),
  ['float32_le', float32Type(), `'<f4'`],
  ['float32_be', float32Type(false), `'>f4'`],
  ['float64_le', float64Type(), `'<f8'`],
  ['float64_be', float64Type(false), `'>f8'`],
  ['float16', float16, `'<f2'`],
  ['long_double', longDouble, `'<f16'`],
  ['bool', booleanType(), `'?'`],
  ['string_ascii', fixedStringType(5, 'ascii'), `'S5'`],
  ['string_utf8', fixedStringType(7, 'utf-8'), `h5py.string_dtype('utf-8', 7)`],
  ['string_terminated', fixedStringType(7, 'ascii', 'null-terminated'), `'S7'`],
  ['opaque', { class: 'opaque', size: 6, tag: 'a tag' }, `'V6'`],
  ['enum', colours, `h5py.enum_dtype({'RED': 1, 'GREEN': -2}, basetype='>i2')`],
  ['compound', pair, `[('a', '<f8'), ('b', 'u1')]`],
  [
    'nested',
    nested,
    `{'names': ['pair', 'grid', 'flag', 'näme'], 'formats': [[('a', '<f8'), ('b', 'u1')], ('>f8', (2, 3)), '?', 'S242'], 'offsets': [0, 9, 57, 58], 'itemsize': 300}`,
  ],
]

/** Bytes that no type minds: small numbers, no NaN, letters in strings, enum members. */
export function fillElements(type: Datatype, count: number): Uint8Array {
  const bytes = new Uint8Array(count * type.size)
  for (let i = 0; i < count; i += 1) fillElement(type, bytes.subarray(i * type.size, (i + 1) * type.size), i)
  return bytes
}

function fillElement(type: Datatype, bytes: Uint8Array, seed: number): void {
  if (type.class === 'enum') bytes.set(type.members[seed % type.members.length]!.value)
  else if (type.class === 'string') bytes.set(Buffer.from(`t${seed}`.slice(0, type.size - 1)))
  else if (type.class === 'compound') {
    type.members.forEach((member, i) =>
      fillElement(member.type, bytes.subarray(member.offset, member.offset + member.type.size), seed + i),
    )
  } else if (type.class === 'array') {
    for (let at = 0; at < bytes.length; at += type.base.size)
      fillElement(type.base, bytes.subarray(at, at + type.base.size), seed + at)
  } else if (type.class === 'float' && type.size === 16) {
    // 1 + seed / 2^20 in x86 extended precision.
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(0, (1n << 63n) | (BigInt(seed) << 43n), true)
    bytes.set([0xff, 0x3f], 8)
  } else for (let i = 0; i < bytes.length; i += 1) bytes[i] = (seed * 7 + i * 31) % 120
}
