import { expect, it } from 'vitest'
import { nameDtype } from '../../../../src-main/hdf5/dtype-name.ts'
import type { Datatype } from '../../../../src-main/hdf5/model.ts'
import { ByteCursor } from '../../../../src-main/hdf5/reading/byte-cursor.ts'
import { parseDataspace } from '../../../../src-main/hdf5/reading/dataspace-message.ts'
import { parseDatatype } from '../../../../src-main/hdf5/reading/datatype-message.ts'
import { parseFillValue, parseOldFillValue } from '../../../../src-main/hdf5/reading/fill-value-message.ts'
import { parseFilters } from '../../../../src-main/hdf5/reading/filter-message.ts'
import { parseLayout } from '../../../../src-main/hdf5/reading/layout-message.ts'
import { parseLink } from '../../../../src-main/hdf5/reading/link-message.ts'
import { parseSharedPointer } from '../../../../src-main/hdf5/reading/shared-message.ts'
import { readFloat, readInteger } from '../../../../src-main/hdf5/reading/read-number.ts'
import { expectError } from '../../../helpers/expect-error.ts'
import { UINT8_TYPE, UNDEFINED, text, u16, u32, u64 } from './handmade-file.ts'

function open(bytes: readonly number[]): ByteCursor {
  const place = { path: 'file', object: '/object' }
  return new ByteCursor(Uint8Array.from(bytes), { place, fileOffset: 1000, baseAddress: 0 })
}

const INT16 = [0x10, 0x08, 0, 0, ...u32(2), ...u16(0), ...u16(16)]
const uint8: Datatype = {
  class: 'integer',
  size: 1,
  signed: false,
  littleEndian: true,
  bitOffset: 0,
  precision: 8,
}

it('reads a compound of version 1, whose members may be arrays themselves', () => {
  const member = (name: string, offset: number, dims: readonly number[]): number[] => [
    ...text(name.padEnd(8, '\0')),
    ...u32(offset),
    ...[dims.length, 0, 0, 0, ...u32(0), ...u32(0)],
    ...[0, 1, 2, 3].flatMap((dim) => u32(dims[dim] ?? 0)),
    ...INT16,
  ]
  const type = parseDatatype(
    open([0x16, 2, 0, 0, ...u32(14), ...member('a', 0, []), ...member('b', 2, [2, 3])]),
  )
  expect(nameDtype(type)).toBe("[('a', '<i2'), ('b', ('<i2', (2, 3)))]")
})

it('reads an array of version 2 and an opaque type with its tag', () => {
  const array = [0x2a, 0, 0, 0, ...u32(12), 2, 0, 0, 0, ...u32(2), ...u32(3), ...u32(0), ...u32(0), ...INT16]
  expect(parseDatatype(open(array))).toMatchObject({ class: 'array', dims: [2, 3], size: 12 })
  const opaque = [0x15, 8, 0, 0, ...u32(3), ...text('tag'), 0, 0, 0, 0, 0]
  expect(parseDatatype(open(opaque))).toEqual({ class: 'opaque', size: 3, tag: 'tag' })
})

it('names types that it cannot carry, and steps over them', () => {
  expect(parseDatatype(open([0x12, 0, 0, 0, ...u32(4), ...u16(32)]))).toEqual({
    class: 'unknown',
    size: 4,
    classNumber: 2,
  })
  const references = [0, 1, 0x12].map((target) => parseDatatype(open([0x17, target, 0, 0, ...u32(8)])))
  expect(references.map((type) => type.class === 'reference' && type.target)).toEqual([
    'object',
    'region',
    'other',
  ])
})

it.each([
  ['a size of 0', [0x10, 0, 0, 0, ...u32(0), ...u16(0), ...u16(8)]],
  ['more bits than bytes', [0x10, 0, 0, 0, ...u32(1), ...u16(1), ...u16(8)]],
  ['version 0', [0x00, 0, 0, 0, ...u32(1), ...u16(0), ...u16(8)]],
  ['version 6', [0x60, 0, 0, 0, ...u32(1), ...u16(0), ...u16(8)]],
  ['an unknown class', [0x1e, 0, 0, 0, ...u32(1)]],
  ['an unknown string padding', [0x13, 7, 0, 0, ...u32(5)]],
  ['variable elements of 12 bytes', [0x19, 0, 0, 0, ...u32(12), ...UINT8_TYPE]],
  ['a member outside', [0x36, 1, 0, 0, ...u32(2), ...text('a'), 0, 1, ...INT16]],
  ['an enumeration of floats', [0x18, 0, 0, 0, ...u32(1), 0x13, 0, 0, 0, ...u32(1)]],
  ['an array of another size', [0x3a, 0, 0, 0, ...u32(5), 1, ...u32(2), ...INT16]],
  ['an array of nothing', [0x3a, 0, 0, 0, ...u32(2), 1, ...u32(0), ...INT16]],
])('refuses a datatype with %s', (_name, bytes) => {
  const error = expectError(() => parseDatatype(open(bytes)), 'E_META')
  expect(error.offset).toBeGreaterThanOrEqual(1000)
})

it('refuses datatypes that are nested without end', () => {
  const nested = new Array<number[]>(40).fill([0x3a, 0, 0, 0, ...u32(1), 0]).flat()
  expectError(() => parseDatatype(open([...nested, ...UINT8_TYPE])), 'E_META')
})

it('reads both versions of the dataspace', () => {
  expect(parseDataspace(open([1, 0, 0, 0, 0, 0, 0, 0]))).toEqual({ kind: 'scalar' })
  expect(parseDataspace(open([2, 0, 0, 0]))).toEqual({ kind: 'scalar' })
  expect(parseDataspace(open([2, 0, 0, 2]))).toEqual({ kind: 'null' })
  expect(parseDataspace(open([2, 2, 1, 1, ...u64(3), ...u64(4), ...u64(UNDEFINED), ...u64(9)]))).toEqual({
    kind: 'simple',
    shape: [3, 4],
    maxShape: [null, 9],
  })
  expect(parseDataspace(open([1, 1, 0, 0, 0, 0, 0, 0, ...u64(3)]))).toEqual({
    kind: 'simple',
    shape: [3],
    maxShape: [3],
  })
})

it.each([2n ** 53n, 2n ** 63n, 2n ** 64n - 2n])(
  'refuses a maximum of %s, which is a limit, but beyond what Weir counts exactly',
  (maximum) => {
    const bytes = [2, 1, 1, 1, ...u64(3), ...u64(maximum)]
    const error = expectError(() => parseDataspace(open(bytes)), 'E_DIMS')
    expect(error).toMatchObject({ tag: 'Unsupported', offset: 1000 + bytes.length - 8 })
    expect(error.message).toContain(`maximum of ${maximum}`)
  },
)

it('takes the largest maximum that Weir counts exactly', () => {
  expect(parseDataspace(open([2, 1, 1, 1, ...u64(3), ...u64(2 ** 53 - 1)]))).toMatchObject({
    maxShape: [2 ** 53 - 1],
  })
})

it('reads all versions of the fill value', () => {
  const value = Uint8Array.from([1, 2])
  const shown = { value, isShown: true }
  const usual = { value: undefined, isShown: true }
  expect(parseOldFillValue(open([...u32(2), 1, 2]))).toEqual(shown)
  expect(parseOldFillValue(open(u32(0)))).toEqual(usual)
  expect(parseFillValue(open([1, 1, 0, 1, ...u32(2), 1, 2]))).toEqual(shown)
  expect(parseFillValue(open([2, 1, 0, 1, ...u32(2), 1, 2]))).toEqual(shown)
  expect(parseFillValue(open([2, 1, 0, 1, ...u32(0)]))).toEqual(usual)
  expect(parseFillValue(open([3, 0x2b, ...u32(2), 1, 2]))).toEqual(shown)
  expect(parseFillValue(open([3, 0x0b]))).toEqual(usual)
})

it('sees in all versions that HDF5 shows no fill value: it is undefined, or never to be written', () => {
  const value = Uint8Array.from([1, 2])
  const none = { value: undefined, isShown: false }
  expect(parseFillValue(open([1, 1, 0, 1, ...u32(0xffffffff)]))).toEqual(none)
  expect(parseFillValue(open([2, 1, 0, 0]))).toEqual(none)
  expect(parseFillValue(open([3, 0x1b]))).toEqual(none)
  for (const bytes of [
    [1, 1, 1, 1, ...u32(2), 1, 2],
    [2, 1, 1, 1, ...u32(2), 1, 2],
    [3, 0x27, ...u32(2), 1, 2],
  ])
    expect(parseFillValue(open(bytes))).toEqual({ value, isShown: false })
})

it('reads both versions of the filter pipeline, with their padding', () => {
  const first = [1, 2, 0, 0, 0, 0, 0, 0]
  const shuffle = [...u16(2), ...u16(8), ...u16(1), ...u16(1), ...text('shuffle\0'), ...u32(4), ...u32(0)]
  const deflate = [...u16(1), ...u16(0), ...u16(1), ...u16(2), ...u32(5), ...u32(6)]
  expect(parseFilters(open([...first, ...shuffle, ...deflate]))).toEqual([
    { id: 2, flags: 1, values: [4], name: 'shuffle' },
    { id: 1, flags: 1, values: [5, 6] },
  ])
  const zstd = [...u16(32015), ...u16(5), ...u16(1), ...u16(1), ...text('zstd\0'), ...u32(5)]
  expect(parseFilters(open([2, 2, ...u16(3), ...u16(0), ...u16(0), ...zstd]))).toEqual([
    { id: 3, flags: 0, values: [] },
    { id: 32015, flags: 1, values: [5], name: 'zstd' },
  ])
  expectError(() => parseFilters(open([2, 9])), 'E_META')
})

it('reads the oldest layouts, where the size of the data follows from the shape', () => {
  const subject = { datatype: uint8, dataspace: { kind: 'simple', shape: [4, 5], maxShape: [4, 5] } } as const
  const head = (rank: number, kind: number): number[] => [1, rank, kind, 0, 0, 0, 0, 0]
  expect(parseLayout(open([...head(2, 1), ...u64(500), ...u32(4), ...u32(5)]), subject)).toEqual({
    kind: 'contiguous',
    address: 500,
    storedBytes: 20,
  })
  const chunked = [...head(3, 2), ...u64(500), ...u32(2), ...u32(5), ...u32(1)]
  expect(parseLayout(open(chunked), subject)).toEqual({
    kind: 'chunked',
    chunkShape: [2, 5],
    index: { kind: 'btree-v1', address: 500, layoutVersion: 3 },
  })
  const data = new Array<number>(20).fill(7)
  expect(parseLayout(open([...head(2, 0), ...u32(4), ...u32(5), ...u32(20), ...data]), subject)).toEqual({
    kind: 'compact',
    data: Uint8Array.from(data),
  })
  expectError(
    () => parseLayout(open([...head(2, 0), ...u32(4), ...u32(5), ...u32(19), ...data]), subject),
    'E_META',
  )
})

it('refuses chunks that fit neither type nor shape', () => {
  const subject = { datatype: uint8, dataspace: { kind: 'simple', shape: [4, 5], maxShape: [4, 5] } } as const
  const parse = (sizes: readonly number[]): unknown => {
    return parseLayout(open([3, 2, sizes.length, ...u64(500), ...sizes.flatMap(u32)]), subject)
  }
  expectError(() => parse([2, 5, 2]), 'E_META')
  expectError(() => parse([2, 1]), 'E_META')
  expectError(() => parse([2, 0, 1]), 'E_CHUNKSIZE')
})

it('gives a link of a kind of its own without looking into it', () => {
  expect(parseLink(open([1, 0x1c, 70, ...u64(3), 1, 1, ...text('x'), ...u16(0)]))).toEqual({
    kind: 'other',
    name: 'x',
    linkType: 70,
  })
  expectError(() => parseLink(open([2, 0])), 'E_META')
  expectError(() => parseLink(open([1, 0, 200, ...text('x')])), 'E_META')
})

it('finds where a shared message of each version lies', () => {
  const zeros = new Array<number>(14).fill(0)
  const committed = { kind: 'object', address: 700 }
  expect(parseSharedPointer(open([1, 0, ...zeros, ...u64(700)]))).toEqual(committed)
  expect(parseSharedPointer(open([2, 0, ...u64(700)]))).toEqual(committed)
  expect(parseSharedPointer(open([3, 2, ...u64(700)]))).toEqual(committed)
  const id = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7)
  expect(parseSharedPointer(open([3, 1, ...id]))).toEqual({ kind: 'heap', id })
  expectError(() => parseSharedPointer(open([3, 1, 0])), 'E_META')
  expectError(() => parseSharedPointer(open([4, 2, ...u64(700)])), 'E_META')
  expectError(() => parseSharedPointer(open([3, 2, ...u64(UNDEFINED)])), 'E_META')
})

it('takes an integer from the bits that it has', () => {
  const type = {
    class: 'integer',
    size: 2,
    signed: true,
    littleEndian: false,
    bitOffset: 4,
    precision: 8,
  } as const
  expect(readInteger(type, Uint8Array.from([0x0f, 0xe0]))).toBe(-2)
  expect(readInteger({ ...type, signed: false }, Uint8Array.from([0x0f, 0xe0]))).toBe(254)
})

it('reads floats of any make', () => {
  const properties = (
    ...[exponentAt, exponentBits, mantissaBits, bias]: readonly [number, number, number, number]
  ) => {
    return Uint8Array.from([...u16(0), ...u16(16), exponentAt, exponentBits, 0, mantissaBits, ...u32(bias)])
  }
  const half = { class: 'float', size: 2, classBits: 0x0f20, properties: properties(10, 5, 10, 15) } as const
  const bfloat = { class: 'float', size: 2, classBits: 0x0f21, properties: properties(7, 8, 7, 127) } as const
  const halves = [0x3c00, 0xc100, 0x7c00, 0xfc00, 0x7e00, 0x0001, 0x8000, 0x7bff]
  expect(halves.map((bits) => readFloat(half, Uint8Array.from(u16(bits))))).toEqual([
    ...[1, -2.5, Infinity, -Infinity, NaN, 2 ** -24, -0, 65504],
  ])
  expect(readFloat(bfloat, Uint8Array.from([0x40, 0x49]))).toBe(3.140625)
})

const float = (
  head: { readonly bits?: readonly [number, number, number] },
  fields: readonly number[],
): number[] => [
  0x11,
  ...(head.bits ?? [0x20, 31, 0]),
  ...u32(4),
  ...u16(fields[0]!),
  ...u16(fields[1]!),
  ...fields.slice(2, 6),
  ...u32(fields[6]!),
]

it.each([
  ['an exponent bias that no number has', float({}, [0, 32, 23, 8, 0, 23, 2 ** 31])],
  ['an exponent of no bits', float({}, [0, 32, 23, 0, 0, 23, 127])],
  ['an exponent outside of it', float({}, [0, 32, 30, 8, 0, 23, 127])],
  ['a mantissa outside of it', float({}, [0, 32, 23, 8, 20, 23, 127])],
  ['a sign outside of it', float({ bits: [0x20, 32, 0] }, [0, 32, 23, 8, 0, 23, 127])],
  ['an unknown normalization', float({ bits: [0x30, 31, 0] }, [0, 32, 23, 8, 0, 23, 127])],
  ['more bits than it has', float({}, [1, 32, 23, 8, 0, 23, 127])],
  ['fewer bits than half of it', float({}, [0, 15, 23, 8, 0, 23, 127])],
  ['an exponent over its mantissa', float({}, [0, 32, 22, 8, 0, 23, 127])],
  ['a mantissa over its exponent', float({}, [0, 32, 23, 8, 1, 23, 127])],
  ['a sign in its exponent', float({ bits: [0x20, 30, 0] }, [0, 32, 23, 8, 0, 23, 127])],
  ['a sign in its mantissa', float({ bits: [0x20, 0, 0] }, [0, 32, 23, 8, 0, 23, 127])],
])('refuses a float with %s', (_name, bytes) => {
  expectError(() => parseDatatype(open(bytes)), 'E_META')
})

const OVERLAPPING = float({}, [0, 32, 22, 8, 0, 23, 127])
const dims = [1, ...u32(2)]

it.each([
  ['a compound', [0x36, 1, 0, 0, ...u32(4), ...text('a'), 0, 0, ...OVERLAPPING]],
  ['an array', [0x3a, 0, 0, 0, ...u32(8), ...dims, ...OVERLAPPING]],
  ['a sequence', [0x19, 0, 0, 0, ...u32(16), ...OVERLAPPING]],
])('refuses such a float inside %s', (_name, bytes) => {
  expectError(() => parseDatatype(open(bytes)), 'E_META')
})

it('takes parts of other types that use less than half of their bits, as HDF5 does', () => {
  const few = [0x10, 0, 0, 0, ...u32(4), ...u16(0), ...u16(12)]
  expectError(() => parseDatatype(open(few)), 'E_META')
  expect(parseDatatype(open([0x3a, 0, 0, 0, ...u32(8), ...dims, ...few]))).toMatchObject({
    base: { class: 'integer', precision: 12 },
  })
})

it('takes a float of the usual make', () => {
  expect(parseDatatype(open(float({}, [0, 32, 23, 8, 0, 23, 127])))).toMatchObject({
    class: 'float',
    size: 4,
  })
})

const member3 = (name: string, offset: number): number[] => [...text(name), 0, offset, ...INT16]

it.each([
  ['two members that overlap', [0x36, 2, 0, 0, ...u32(4), ...member3('a', 0), ...member3('b', 1)]],
  ['two members of one name', [0x36, 2, 0, 0, ...u32(4), ...member3('a', 0), ...member3('a', 2)]],
  ['a compound without members', [0x36, 0, 0, 0, ...u32(4)]],
  ['a text of unknown characters', [0x13, 0x20, 0, 0, ...u32(4)]],
  ['a reference of unknown kind', [0x17, 5, 0, 0, ...u32(8)]],
  ['a reference of a later kind without its version', [0x17, 2, 0, 0, ...u32(8)]],
  ['an opaque type whose tag is no multiple of 8', [0x15, 3, 0, 0, ...u32(3), ...text('tag')]],
  ['a nameless member of an enumeration', [0x38, 1, 0, 0, ...u32(1), ...UINT8_TYPE, 0, 7]],
  ['a bit field of which most is unused', [0x14, 0, 0, 0, ...u32(4), ...u16(0), ...u16(15)]],
  ['a bit field beyond its element', [0x14, 0, 0, 0, ...u32(1), ...u16(4), ...u16(5)]],
  ['variable-length elements of unknown kind', [0x19, 2, 0, 0, ...u32(16), ...UINT8_TYPE]],
])('refuses %s', (_name, bytes) => {
  expectError(() => parseDatatype(open(bytes)), 'E_META')
})

it.each([
  ['a dimension beyond its maximum', [1, 1, 1, 0, 0, 0, 0, 0, ...u64(6), ...u64(5)]],
  ['a scalar with dimensions', [2, 1, 0, 0, ...u64(6)]],
  ['an unknown kind', [2, 0, 0, 3]],
])('refuses a dataspace with %s', (_name, bytes) => {
  expectError(() => parseDataspace(open(bytes)), 'E_META')
})

it.each([
  ['unknown flags', [1, 0x20, 1, ...text('a'), ...u64(96)]],
  ['an unknown type', [1, 0x08, 2, 1, ...text('a'), ...u64(96)]],
  ['an unknown character set', [1, 0x10, 2, 1, ...text('a'), ...u64(96)]],
  ['a name that no path can hold', [1, 0, 3, ...text('a/b'), ...u64(96)]],
  ['no name', [1, 0, 0, ...u64(96)]],
])('refuses a link with %s', (_name, bytes) => {
  expectError(() => parseLink(open(bytes)), 'E_META')
})
