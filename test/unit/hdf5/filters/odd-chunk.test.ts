import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { appendChecksum } from '../../../../src-main/hdf5/filters/fletcher32.ts'
import { findOddity } from '../../../../src-main/hdf5/filters/odd-chunk.ts'
import {
  chooseZstd,
  compressZstd,
  decompressZstd,
  toSignedLevel,
} from '../../../../src-main/hdf5/filters/zstd-codec.ts'
import { readStream } from '../../../../src-main/hdf5/filters/zstd-frame.ts'
import { fromHex } from '../../../helpers/bytes.ts'
import { expectError } from '../../../helpers/expect-error.ts'

const ZSTD = { id: 32015, flags: 1, values: [3] }
const SHUFFLE = { id: 2, flags: 1, values: [8] }
const FLETCHER = { id: 3, flags: 0, values: [] }
const RAW = Uint8Array.from({ length: 512 }, (_, i) => (i % 8 === 0 ? i / 8 : 0))
const SKIPPABLE = fromHex('502a4d1803000000aabbcc')
const frame = (data: Uint8Array): Uint8Array => chooseZstd().compress(data, { level: 3 })
const EMPTY = frame(new Uint8Array(0))
/** The 512 bytes as one raw block: a window, no content size. */
const WITHOUT_SIZE = Buffer.concat([fromHex('28b52ffd0000'), fromHex('011000'), RAW])

function withSize(bytes: number, windowByte = 0): Uint8Array {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(bytes)
  return Buffer.concat([fromHex('28b52ffd80'), Uint8Array.of(windowByte), size, fromHex('011000'), RAW])
}

const FORMS: readonly [string, readonly Uint8Array[], ReturnType<typeof findOddity>][] = [
  ['one frame', [frame(RAW)], undefined],
  ['a skippable frame behind it', [frame(RAW), SKIPPABLE], undefined],
  ['an empty frame behind it', [frame(RAW), EMPTY], undefined],
  [
    'two frames',
    [frame(RAW.subarray(0, 256)), frame(RAW.subarray(256))],
    { what: '2 zstd frames', isMisread: true },
  ],
  [
    'a skippable frame in front',
    [SKIPPABLE, frame(RAW)],
    { what: 'a skippable zstd frame in front', isMisread: true },
  ],
  ['an empty frame in front', [EMPTY, frame(RAW)], { what: 'an empty zstd frame in front', isMisread: true }],
  [
    'no content size',
    [WITHOUT_SIZE],
    { what: 'a zstd frame that does not say its content size', isMisread: true },
  ],
  [
    'a byte behind it',
    [frame(RAW), Uint8Array.of(0)],
    { what: 'a byte behind a zstd frame', isMisread: false },
  ],
  [
    'garbage behind it',
    [frame(RAW), Buffer.from('garbage!')],
    { what: '8 bytes behind a zstd frame', isMisread: false },
  ],
]

// What HDF5 does with each: tried with h5py 3.16 and hdf5plugin 4.4.0 and 7.1.0.
describe('the form of a stored chunk', () => {
  test.each(FORMS)('%s', (_, parts, expected) => {
    const bytes = Buffer.concat(parts)
    const form = { filterMask: 0, rawBytes: 512 }
    expect(findOddity(bytes, { ...form, pipeline: [ZSTD] })).toEqual(expected)
    expect(findOddity(appendChecksum(bytes), { ...form, pipeline: [ZSTD, FLETCHER] })).toEqual(expected)
    // Shuffle stumbles over the error behind the values.
    const shuffled = findOddity(bytes, { ...form, pipeline: [SHUFFLE, ZSTD] })
    expect(shuffled).toEqual(expected && { ...expected, isMisread: true })
    // What was skipped for a chunk does not count.
    const masked = { filterMask: 0b10, rawBytes: 512 }
    expect(findOddity(bytes, { ...masked, pipeline: [ZSTD, FLETCHER] })).toEqual(expected)
    expect(findOddity(bytes, { filterMask: 1, rawBytes: 512, pipeline: [ZSTD] })).toBeUndefined()
  })

  test.each(FORMS)('and Weir decodes what is meant: %s', (_, parts) => {
    expect(Buffer.compare(decompressZstd(Buffer.concat(parts), 512), RAW)).toBe(0)
  })

  test('a content size other than the chunk is odd, but for what a filter before made', () => {
    const half = frame(RAW.subarray(0, 256))
    const what = 'a zstd frame of 256 instead of 512 bytes'
    expect(findOddity(half, { pipeline: [ZSTD], filterMask: 0, rawBytes: 512 })).toEqual({
      what,
      isMisread: true,
    })
    const deflated = { id: 1, flags: 1, values: [5] }
    expect(
      findOddity(frame(deflateSync(RAW)), { pipeline: [deflated, ZSTD], filterMask: 0, rawBytes: 512 }),
    ).toBeUndefined()
  })

  test('damage is left to the decoder', () => {
    const cut = frame(RAW).subarray(0, 20)
    expect(findOddity(cut, { pipeline: [ZSTD], filterMask: 0, rawBytes: 512 })).toBeUndefined()
    expectError(() => decompressZstd(cut, 512), 'E_CHUNK')
  })
})

describe('frames of zstd', () => {
  test.each([0x88, 0x90, 0xa8])(
    'a window far above 128 MiB is read where the content is small (%i)',
    (windowByte) => {
      const [large] = readStream(withSize(512, windowByte)).frames
      expect(large!.descriptor.windowBytes).toBeGreaterThanOrEqual(2 ** 27)
      expect(Buffer.compare(decompressZstd(withSize(512, windowByte), 512), RAW)).toBe(0)
      const unsized = Buffer.concat([
        fromHex('28b52ffd00'),
        Uint8Array.of(windowByte),
        WITHOUT_SIZE.subarray(6),
      ])
      expect(Buffer.compare(decompressZstd(unsized, 512), RAW)).toBe(0)
    },
  )

  test('a dictionary with number 0 is none', () => {
    const numbered = Buffer.concat([fromHex('28b52ffd810000'), withSize(512).subarray(6)])
    expect(Buffer.compare(decompressZstd(numbered, 512), RAW)).toBe(0)
    numbered[6] = 5
    expectError(() => decompressZstd(numbered, 512), 'E_CHUNK')
  })

  test('every frame that is written says its content size; a codec that makes another is stopped', () => {
    const silent = { ...chooseZstd(), compress: () => Uint8Array.from(WITHOUT_SIZE) }
    expect(() => compressZstd(RAW, { level: 3 }, silent)).toThrow('says undefined')
    expect(readStream(compressZstd(RAW, { level: 3 })).frames[0]!.descriptor.contentBytes).toBe(512)
  })

  test('levels are signed', () => {
    expect(toSignedLevel(4_294_967_246)).toBe(-50)
    expect(toSignedLevel(19)).toBe(19)
    expect(Buffer.compare(decompressZstd(compressZstd(RAW, { level: 4_294_967_246 }), 512), RAW)).toBe(0)
  })
})
