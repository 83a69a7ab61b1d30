import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseZstd,
  decompressZstd,
  describeZstd,
  loadAddonZstd,
  loadZlibZstd,
} from '../../../../src-main/hdf5/filters/zstd-codec.ts'
import { readStream } from '../../../../src-main/hdf5/filters/zstd-frame.ts'
import { fromHex, repeat } from '../../../helpers/bytes.ts'
import { expectError } from '../../../helpers/expect-error.ts'

const codecs = [loadAddonZstd(), loadZlibZstd()].filter((codec) => codec !== undefined)
const BLOCK = 128 * 1024

test('takes the codec of Node where there is one, else the addon', () => {
  const expected =
    'zstdCompressSync' in process.getBuiltinModule('node:zlib') ? 'node:zlib' : '@toondepauw/node-zstd'
  expect(chooseZstd().name).toBe(expected)
  expect(describeZstd()).toContain(expected)
})

test('the addon is there for every Node', () => {
  expect(loadAddonZstd()).toBeDefined()
})

describe.each(codecs.map((codec) => ({ name: codec.name, codec })))('$name', ({ codec }) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 200_000 })).map(([byte, count]) => repeat(byte, count)),
  )

  test('gives back what it compressed, and every frame says its content size', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 19 }), (data, level) => {
        const frames = readStream(codec.compress(data, { level })).frames
        expect(frames.map((frame) => frame.descriptor.contentBytes)).toEqual([data.length])
        const decoded = codec.decompress(frames[0]!, data.length)
        expect(Buffer.compare(decoded, data)).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  test('respects the level', () => {
    const data = Uint8Array.from({ length: 200_000 }, (_, i) => ((i * i) % 253) ^ (i >> 9))
    expect(codec.compress(data, { level: 19 }).length).toBeLessThan(codec.compress(data, { level: 1 }).length)
  })

  test('decodes several frames in a row, skippable ones between them', () => {
    const skippable = fromHex('5a2a4d1803000000aabbcc')
    const chunk = Buffer.concat([
      codec.compress(repeat(1, 1000), { level: 3 }),
      skippable,
      codec.compress(repeat(2, 500), { level: 3 }),
    ])
    const expected = Buffer.concat([repeat(1, 1000), repeat(2, 500)])
    expect(Buffer.compare(decompressZstd(chunk, 1500, codec), expected)).toBe(0)
    expectError(() => decompressZstd(chunk, 1499, codec), 'E_BOMB')
  })

  test('decodes a frame without content size, and stops one that makes too much', () => {
    const frame = runFrame(40, 0)
    expect(decompressZstd(frame, 40 * BLOCK, codec).length).toBe(40 * BLOCK)
    expectError(() => decompressZstd(frame, 40 * BLOCK - 1, codec), 'E_BOMB')
  })

  test('decodes a long frame of small blocks whole', () => {
    const data = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) ^ (i >> 7))
    const blocks = Array.from({ length: 2000 }, (_, i) => rawBlock(data.subarray(i * 150, i * 150 + 150)))
    expect(Buffer.compare(decompressZstd(buildFrame(blocks), 300_000, codec), data)).toBe(0)
  })

  test('decodes a frame piece by piece if its many compressed blocks could make too much', () => {
    // The one compressed block of 64 equal bytes, taken from a frame and repeated: it decodes alike each time.
    const frame = readStream(codec.compress(repeat(9, 100), { level: 3 })).frames[0]!
    const block = Buffer.from(frame.bytes.subarray(frame.blocks[0]!.offset))
    block[0]! &= 0xfe
    const blocks = Array.from({ length: 300 }, () => block.subarray(0, 3 + (block.readUIntLE(0, 3) >> 3)))
    const single = decompressZstd(buildFrame([...blocks.slice(0, 1)]), 100, codec)
    expect(decompressZstd(buildFrame(blocks), 500_000, codec).length).toBe(300 * single.length)
    expectError(() => decompressZstd(buildFrame(blocks), 300 * single.length - 1, codec), 'E_BOMB')
  })

  test('refuses a content size above the limit before anything is decoded', () => {
    expectError(() => decompressZstd(codec.compress(repeat(0, 5000), { level: 3 }), 4999, codec), 'E_BOMB')
  })

  test('stops a frame that lies about its content size', () => {
    // 3,000 runs of 128 KiB, 393 MB in all, under a header that says 1,000 bytes.
    expect(['E_BOMB', 'E_CHUNK']).toContain(codeOf(() => decompressZstd(runFrame(3000, 1000), 1000, codec)))
  })

  test.each([
    ['nothing', new Uint8Array(0), 'E_CHUNK'],
    ['no magic number', repeat(7, 20), 'E_CHUNK'],
    ['a header cut off', fromHex('28b52ffd20'), 'E_CHUNK'],
    ['a block cut off', fromHex('28b52ffd200a5100000102'), 'E_CHUNK'],
    ['a block of the reserved type', fromHex('28b52ffd200a07000000'), 'E_CHUNK'],
    ['a dictionary', fromHex('28b52ffd2101050100000000'), 'E_CHUNK'],
    ['a skippable frame longer than the chunk', fromHex('502a4d18ffffffff00'), 'E_CHUNK'],
  ])('refuses %s', (_name, chunk, code) => {
    expectError(() => decompressZstd(chunk, 100, codec), code)
  })

  test('any damage ends in a deliberate error or in bytes within the limit', () => {
    const good = codec.compress(
      Uint8Array.from({ length: 2000 }, (_, i) => (i * i) >> 3),
      { level: 5 },
    )
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bad = good.slice(0, Math.max(length, at + 1))
        bad[at] = byte
        try {
          expect(decompressZstd(bad, 2000, codec).length).toBeLessThanOrEqual(2000)
        } catch (thrown) {
          expect(['E_CHUNK', 'E_BOMB']).toContain((thrown as { readonly code: unknown }).code)
        }
      }),
      { numRuns: 200 },
    )
  })
})

test('both codecs read each other', () => {
  const data = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) >> 5)
  for (const writer of codecs) {
    for (const reader of codecs) {
      expect(
        Buffer.compare(decompressZstd(writer.compress(data, { level: 5 }), data.length, reader), data),
      ).toBe(0)
    }
  }
})

/** A frame of runs, 128 KiB each; `contentBytes` 0: it does not say its content size. */
function runFrame(count: number, contentBytes: number): Buffer {
  return buildFrame(
    Array.from({ length: count }, () => runBlock()),
    contentBytes,
  )
}

function runBlock(): Buffer {
  return blockHeader(1, BLOCK, Buffer.from([0x41]))
}

function rawBlock(data: Uint8Array): Buffer {
  return blockHeader(0, data.length, Buffer.from(data))
}

function blockHeader(type: number, size: number, body: Buffer): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (type << 1), 0, 3)
  return Buffer.concat([header, body])
}

function buildFrame(blocks: readonly Buffer[], contentBytes = 0): Buffer {
  const last = Buffer.from(blocks.at(-1)!)
  last[0]! |= 1
  const size = Buffer.alloc(4)
  size.writeUInt32LE(contentBytes)
  // Window descriptor 0x58: 2 MiB.
  const header = contentBytes === 0 ? fromHex('28b52ffd0058') : Buffer.concat([fromHex('28b52ffd8058'), size])
  return Buffer.concat([header, ...blocks.slice(0, -1), last])
}

function codeOf(call: () => unknown): unknown {
  try {
    call()
  } catch (thrown) {
    return (thrown as { readonly code: unknown }).code
  }
  return undefined
}
