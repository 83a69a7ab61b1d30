import { crc32 } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { FilterTask } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { buildPipeline, type FilterChoice } from '../../../../src-main/hdf5/filters/pipeline.ts'
import { encodeProven, findChanged } from '../../../../src-main/hdf5/filters/prove-chunk.ts'
import type * as ZstdCodec from '../../../../src-main/hdf5/filters/zstd-codec.ts'

/** What the codec makes of a chunk, in place of what it should. */
let spoil: ((encoded: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) | undefined

vi.mock('../../../../src-main/hdf5/filters/zstd-codec.ts', async (importOriginal) => {
  const codec = await importOriginal<typeof ZstdCodec>()
  const compressZstd: typeof codec.compressZstd = (...call) => {
    const encoded = codec.compressZstd(...call)
    return spoil?.(encoded) ?? encoded
  }
  return { ...codec, compressZstd }
})
afterEach(() => (spoil = undefined))

const RAW = Uint8Array.from({ length: 50_000 }, (_, index) => (index * index) >>> 7)
const ZSTD: FilterChoice = { codec: 'zstd', level: 3, shuffle: false, checksum: true }

function makeTask(choice: Partial<FilterChoice>): FilterTask {
  return { pipeline: buildPipeline({ ...ZSTD, ...choice }, 2), elementBytes: 2, proof: {} }
}

describe('a chunk that is encoded', () => {
  test.each<Partial<FilterChoice>>([
    {},
    { shuffle: true },
    { codec: 'gzip', checksum: false },
    { codec: 'none', shuffle: true },
    { codec: 'none', checksum: false },
  ])('is proven, and its checksum told: %o', (choice) => {
    const { encoded, proof } = encodeProven(RAW.slice(), makeTask(choice))
    expect(proof).toEqual({ checksum: crc32(encoded) })
  })

  test('and decodes to other values is found, with the first that differs', () => {
    // A frame of other values, whole and with a checksum that fits.
    spoil = () => {
      spoil = undefined
      const other = RAW.slice()
      other[1234]! ^= 1
      return encodeProven(other, { ...makeTask({ checksum: false }), proof: undefined }).encoded
    }
    const encode = (): unknown => encodeProven(RAW.slice(), makeTask({}))
    expect(encode).toThrow(expect.objectContaining({ tag: 'Hdf5Error', code: 'E_VERIFY' }))
    spoil = (encoded) => encoded
    expect(encode).not.toThrow()
  })

  test('and does not decode at all is found', () => {
    spoil = (encoded) => encoded.subarray(0, encoded.length - 9)
    expect(() => encodeProven(RAW.slice(), makeTask({}))).toThrow(/^what was encoded does not decode/)
  })

  test('for nobody to compare is not looked at', () => {
    spoil = (encoded) => encoded.subarray(0, encoded.length - 9)
    expect(encodeProven(RAW.slice(), { ...makeTask({}), proof: undefined }).proof).toBeNull()
  })
})

describe('pieces that are compared by their checksums', () => {
  test('each single flipped bit is found, in the piece where it is', () => {
    const pieces = [RAW.slice(0, 40), RAW.slice(40, 41), RAW.slice(41, 100)]
    const task = {
      lengths: pieces.map(({ length }) => length),
      checksums: pieces.map((piece) => crc32(piece)),
    }
    const run = RAW.slice(0, 100)
    expect(findChanged(run, task)).toBeUndefined()
    for (let bit = 0; bit < 800; bit++) {
      const at = bit >>> 3
      run[at]! ^= 1 << (bit & 7)
      expect(findChanged(run, task)).toBe(at < 40 ? 0 : at === 40 ? 1 : 2)
      run[at]! ^= 1 << (bit & 7)
    }
  })
})
