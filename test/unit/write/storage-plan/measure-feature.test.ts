import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseZstd } from '../../../../src-main/hdf5/filters/zstd-codec.ts'
import { float64Type, integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import {
  measureFeature,
  placeSample,
  toPipeline,
  type PlannedValues,
} from '../../../../src-main/write/storage-plan/measure-feature.ts'
import { choosePlans } from '../../../../src-main/write/storage-plan/choose-plan.ts'
import { getPool } from '../file-fixture.ts'

const MIB = 2 ** 20
const uint8 = integerType(1, false)

function images(totalBytes: number): PlannedValues {
  return { datatype: uint8, itemShape: [80, 250], chunkShape: [52, 80, 250], totalBytes }
}

describe('the sample', () => {
  test('of a large feature is its first, middle and last chunk, whole', () => {
    const place = placeSample(images(30_000 * 20_000), 'balanced')!
    expect(place.pieceRows).toBe(52)
    expect(place.starts[0]).toBe(0)
    expect(place.starts.every((start) => start % 52 === 0)).toBe(true)
    expect(place.starts.at(-1)).toBeGreaterThan(29_800)
  })

  test('is at most 3 MiB, and next to nothing of a large feature', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (rowCount) => {
        const place = placeSample(images(rowCount * 20_000), 'balanced')
        if (place === undefined) return
        const rows = place.starts.length * place.pieceRows
        expect(rows * 20_000).toBeLessThanOrEqual(Math.max(3 * MIB, (rowCount * 20_000) / 8))
        for (const start of place.starts) expect(start + place.pieceRows).toBeLessThanOrEqual(rowCount)
        expect(new Set(place.starts).size).toBe(place.starts.length)
      }),
    )
  })

  test('of numbers is several of their small chunks', () => {
    const place = placeSample(
      {
        datatype: float64Type(),
        itemShape: [],
        chunkShape: [1000],
        totalBytes: 8e6,
      },
      'balanced',
    )!
    expect(place.pieceRows).toBe(1000)
    expect(place.starts).toHaveLength(4)
  })

  test('of a few images is all of them for who wants the smallest', () => {
    expect(placeSample(images(30 * 20_000), 'small')).toEqual({ pieceRows: 30, starts: [0] })
    expect(placeSample(images(30 * 20_000), 'balanced')).toEqual({ pieceRows: 3, starts: [0] })
  })

  test('is not taken of what is too little to tell anything', () => {
    expect(placeSample(images(20_000), 'small')).toBeUndefined()
    expect(placeSample({ ...images(0), itemShape: [4, 0] }, 'balanced')).toBeUndefined()
  })
})

describe('what is measured', () => {
  /** Slowly rising 64-bit numbers that were 32-bit ones once. */
  const numbers = new Uint8Array(
    Float64Array.from({ length: 8000 }, (_, index) => Math.fround(Math.sin(index) * 7)).buffer,
  )
  const values: PlannedValues = {
    datatype: float64Type(),
    itemShape: [],
    chunkShape: [1000],
    totalBytes: 8e6,
  }
  const wishes = { aim: 'balanced', byFrame: false, checksum: true } as const

  test('is the bytes of all pieces, checksums included, and leads to shuffle where that helps', async () => {
    const measured = await measureFeature(numbers.slice(), values, {
      ...wishes,
      pieceBytes: 8000,
      pool: getPool(),
    })
    const [plan] = choosePlans([measured], 'balanced')
    expect(plan?.order).toBe('element')
    expect(plan!.sample!.stored).toBeLessThan(0.9 * plan!.sample!.plain)
    const plainFive = measured.measured.find(
      ({ order, encoder }) => order === 'plain' && encoder.level === 5,
    )!
    let expected = 0
    for (let start = 0; start < numbers.length; start += 8000)
      expected += chooseZstd().compress(numbers.subarray(start, start + 8000), { level: 5 }).length + 4
    expect(plainFive.storedBytes).toBe(expected)
  })

  test('leads to a small window for images of noise, where the codec takes one', async () => {
    let state = 1
    const noise = Uint8Array.from({ length: 15 * 20_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return 100 + ((state >>> 16) & 15)
    })
    const options = { ...wishes, pieceBytes: noise.length, pool: getPool() }
    const [plan] = choosePlans([await measureFeature(noise, images(6e8), options)], 'balanced')
    expect(plan?.encoder.windowLog !== undefined).toBe(chooseZstd().takesParameters)
    expect(plan!.sample!.stored).toBeLessThanOrEqual(1.01 * plan!.sample!.plain)
  })

  test('is by frame only where it was allowed, of images, in chunks of whole images', async () => {
    const orders = async (changes: Partial<PlannedValues>, byFrame: boolean): Promise<string[]> => {
      const options = { ...wishes, byFrame, pieceBytes: 20_000, pool: getPool() }
      const measured = await measureFeature(new Uint8Array(40_000), { ...images(8e6), ...changes }, options)
      return [...new Set(measured.measured.map(({ order }) => order))].sort()
    }
    expect(await orders({}, false)).toEqual(['plain'])
    expect(await orders({}, true)).toEqual(['frame', 'plain'])
    expect(await orders({ chunkShape: [52, 40, 250] }, true)).toEqual(['plain'])
    expect(await orders({ itemShape: [20_000], chunkShape: [52, 20_000] }, true)).toEqual(['plain'])
  })

  test('says zstd 5 in the file, whatever the encoder, and shuffles by the bytes of an image', () => {
    const ids = (order: 'plain' | 'element' | 'frame'): unknown =>
      toPipeline({ order }, { datatype: uint8, itemShape: [80, 250] }, true).map(({ id, values: of }) => [
        id,
        of,
      ])
    expect(ids('plain')).toEqual([
      [32015, [5]],
      [3, []],
    ])
    expect(ids('frame')).toEqual([
      [2, [20_000]],
      [32015, [5]],
      [3, []],
    ])
  })
})
