import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecodeTask } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { decodeChunk, encodeChunk } from '../../../../src-main/hdf5/filters/filter-steps.ts'
import { buildPipeline } from '../../../../src-main/hdf5/filters/pipeline.ts'
import type { FilterPipeline, FilterSpec } from '../../../../src-main/hdf5/model.ts'
import { fromHex, repeat } from '../../../helpers/bytes.ts'
import { expectError } from '../../../helpers/expect-error.ts'

const SHUFFLE: FilterSpec = { id: 2, flags: 1, values: [4] }
const DEFLATE: FilterSpec = { id: 1, flags: 1, values: [5] }
const CHECKSUM: FilterSpec = { id: 3, flags: 0, values: [] }
const ZSTD: FilterSpec = { id: 32015, flags: 1, values: [5] }

/** np.arange(40, dtype='<u4') * 257 in one chunk with shuffle, as stored by h5py 3.16 and hdf5plugin 4.4. */
const NUMBERS = new Uint8Array(Uint32Array.from({ length: 40 }, (_, i) => i * 257).buffer)
const STORED = {
  zstd:
    '28b52ffd20a09501008402000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262702000c5000' +
    '0b5265b662c0b0',
  gzip: '785e6360646266616563e7e0e4e2e6e1e5e31710141216111513979094929691959357505452565155536720561d950100b5660619407d57b9',
} as const

function taskFor(pipeline: FilterPipeline, rawBytes: number, filterMask = 0): DecodeTask {
  return { pipeline, elementBytes: 4, rawBytes, filterMask }
}

test.each(['zstd', 'gzip'] as const)(
  'decodes a chunk that h5py wrote with shuffle, %s and fletcher32',
  (codec) => {
    const pipeline = buildPipeline({ codec, level: 5, shuffle: true, checksum: true }, 4)
    expect(decodeChunk(fromHex(STORED[codec]), taskFor(pipeline, 160))).toEqual(NUMBERS)
  },
)

test('writes byte for byte what h5py writes with gzip', () => {
  const pipeline = buildPipeline({ codec: 'gzip', level: 5, shuffle: true, checksum: true }, 4)
  const encoded = encodeChunk(NUMBERS, { pipeline, elementBytes: 4 })
  // Bytes 0 and 1 are zlib's header, whose level bits differ between its versions; the rest is the same stream.
  expect(Buffer.from(encoded.subarray(2, -8)).toString('hex')).toBe(STORED.gzip.slice(4, -16))
})

test('gives back what went in, for every pipeline in any order', () => {
  const filters = fc.constantFrom(SHUFFLE, DEFLATE, CHECKSUM, ZSTD, { ...ZSTD, values: [] })
  const chunks = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 2000 }),
    fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 70_000 })).map(([byte, count]) => repeat(byte, count)),
  )
  fc.assert(
    fc.property(fc.array(filters, { maxLength: 5 }), chunks, (pipeline, data) => {
      const raw = new Uint8Array(data)
      const encoded = encodeChunk(raw.slice(), { pipeline, elementBytes: 4 })
      expect(Buffer.compare(decodeChunk(encoded, taskFor(pipeline, raw.length)), raw)).toBe(0)
    }),
    { numRuns: 150 },
  )
})

test.each([
  ['deflate of a level beyond 9', { ...DEFLATE, values: [2 ** 31] }],
  ['deflate without its level', { ...DEFLATE, values: [] }],
  ['deflate with a second parameter', { ...DEFLATE, values: [5, 0] }],
  ['shuffle of elements of 0 bytes', { ...SHUFFLE, values: [0] }],
  ['shuffle without its element size', { ...SHUFFLE, values: [] }],
])('does not decode %s, as HDF5 does not', (_name, filter) => {
  const right = filter.id === DEFLATE.id ? DEFLATE : SHUFFLE
  const raw = repeat(3, 64)
  const encoded = encodeChunk(raw.slice(), { pipeline: [right], elementBytes: 4 })
  expect(Buffer.compare(decodeChunk(encoded.slice(), taskFor([right], 64)), raw)).toBe(0)
  expectError(() => decodeChunk(encoded.slice(), taskFor([filter], 64)), 'E_CHUNK')
})

test('passes over the filters that the mask names', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.nat(15), (data, filterMask) => {
      const pipeline = [CHECKSUM, SHUFFLE, ZSTD, DEFLATE]
      const applied = pipeline.filter((_filter, i) => ((filterMask >> i) & 1) === 0)
      const encoded = encodeChunk(new Uint8Array(data), { pipeline: applied, elementBytes: 4 })
      const decoded = decodeChunk(encoded, taskFor(pipeline, data.length, filterMask))
      expect(Buffer.compare(decoded, data)).toBe(0)
    }),
    { numRuns: 60 },
  )
})

describe.each([
  ['zstd', ZSTD],
  ['deflate', DEFLATE],
])('%s', (_name, filter) => {
  const pipeline = [filter]
  const encoded = encodeChunk(repeat(3, 100_000), { pipeline, elementBytes: 1 })

  test('never makes more than the chunk', () => {
    expect(expectError(() => decodeChunk(encoded, taskFor(pipeline, 99_999)), 'E_BOMB')).toMatchObject({
      tag: 'Hdf5Error',
      expected: 99_999,
    })
  })

  test('finds a chunk that is too short', () => {
    expect(expectError(() => decodeChunk(encoded, taskFor(pipeline, 100_001)), 'E_CHUNK')).toMatchObject({
      expected: 100_001,
      actual: 100_000,
    })
  })

  test('finds a stream that is cut off', () => {
    expectError(() => decodeChunk(encoded.slice(0, -3), taskFor(pipeline, 100_000)), 'E_CHUNK')
  })

  test('finds a stream that is none', () => {
    expectError(() => decodeChunk(repeat(0x55, 64), taskFor(pipeline, 100_000)), 'E_CHUNK')
    expectError(() => decodeChunk(new Uint8Array(0), taskFor(pipeline, 100_000)), 'E_CHUNK')
  })
})

test('finds a changed byte by the checksum before it decompresses', () => {
  const pipeline = [ZSTD, CHECKSUM]
  const encoded = encodeChunk(NUMBERS.slice(), { pipeline, elementBytes: 4 })
  encoded[20]! ^= 1
  const error = expectError(() => decodeChunk(encoded, taskFor(pipeline, 160)), 'E_CHUNK')
  expect(error.message).toContain('checksum')
})

test('names a filter that it does not have', () => {
  const pipeline = [{ id: 32001, flags: 1, values: [] }]
  const error = expectError(() => decodeChunk(repeat(0, 8), taskFor(pipeline, 8)), 'E_FILTER')
  expect(error).toMatchObject({ tag: 'Unsupported', actual: 32001 })
  expect(error.message).toContain('32001 (blosc)')
  expectError(() => encodeChunk(repeat(0, 8), { pipeline, elementBytes: 1 }), 'E_FILTER')
})

test('an unknown filter that the mask leaves out does no harm', () => {
  const pipeline = [{ id: 32001, flags: 1, values: [] }]
  expect(decodeChunk(repeat(9, 8), taskFor(pipeline, 8, 1))).toEqual(repeat(9, 8))
})
