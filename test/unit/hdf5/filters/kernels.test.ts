import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KERNELS_BASE64 } from '../../../../src-main/hdf5/filters/kernels/kernels-binary.ts'
import { sumVectors, turnBytes } from '../../../../src-main/hdf5/filters/kernels/kernels.ts'

test('the binary is what its source makes', async () => {
  const path = new URL('../../../../scripts/kernels/assemble.mjs', import.meta.url).href
  const { assembleKernels } = (await import(path)) as { assembleKernels: () => Promise<Uint8Array> }
  expect(KERNELS_BASE64).toBe(Buffer.from(await assembleKernels()).toString('base64'))
})

function turnSlowly(data: Uint8Array, rows: number, columns: number): Uint8Array {
  return Uint8Array.from(
    { length: rows * columns },
    (_, index) => data[(index % rows) * columns + Math.floor(index / rows)]!,
  )
}

function makeBytes(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 7919 + (index >> 8)) & 0xff)
}

describe('turned', () => {
  const small = fc.constantFrom(2, 4, 8)
  const large = fc.integer({ min: 16, max: 200 })
  test('every byte is where it should be, whatever the sides', () => {
    const sides = fc.oneof(fc.tuple(small, large), fc.tuple(large, small), fc.tuple(large, large))
    fc.assert(
      fc.property(sides, fc.nat(20), ([rows, columns], more) => {
        const data = makeBytes(rows * columns + more)
        const turned = turnBytes(data, rows, columns)!
        expect(Buffer.compare(turned, turnSlowly(data, rows, columns))).toBe(0)
        expect(Buffer.compare(turnBytes(turned, columns, rows)!, data.subarray(0, rows * columns))).toBe(0)
      }),
    )
  })

  test('images of a chunk come pixel by pixel', () => {
    const data = makeBytes(52 * 20_000)
    expect(Buffer.compare(turnBytes(data, 52, 20_000)!, turnSlowly(data, 52, 20_000))).toBe(0)
  })

  test('what the kernels do not have is left to the caller', () => {
    for (const [rows, columns] of [
      [3, 100],
      [100, 12],
      [15, 8],
      [10, 20_000],
      [0, 8],
      [4096, 8192],
    ] as const)
      expect(turnBytes(new Uint8Array(Math.min(rows * columns, 1000)), rows, columns)).toBeUndefined()
  })
})

describe('summed', () => {
  /** Word by word, in whole numbers: modulo 65,535, and 0 only for nothing but zeros. */
  function sumSlowly(data: Uint8Array): { low: number; high: number } {
    const words = new Uint16Array(data.slice().buffer, 0, data.byteLength >> 1)
    let low = 0n
    let high = 0n
    for (const word of words) {
      low += BigInt(word)
      high += low
    }
    const reduce = (sum: bigint): number => (sum === 0n ? 0 : Number((sum - 1n) % 65_535n) + 1)
    return { low: reduce(low), high: reduce(high) }
  }

  test.each([0, 16, 2048, 2064, 4096 + 16, 256 * 1024, 256 * 1024 + 32, 600_000])('%i bytes', (length) => {
    for (const data of [makeBytes(length), new Uint8Array(length).fill(255), new Uint8Array(length)])
      expect(sumVectors(data)).toEqual({ ...sumSlowly(data), bytes: length - (length % 16) })
  })

  test('only whole vectors, the rest is the caller’s', () => {
    expect(sumVectors(makeBytes(47))).toEqual({ ...sumSlowly(makeBytes(32)), bytes: 32 })
  })
})
