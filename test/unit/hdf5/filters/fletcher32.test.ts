import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendChecksum, fletcher32, verifyChecksum } from '../../../../src-main/hdf5/filters/fletcher32.ts'
import { fromHex, repeat } from '../../../helpers/bytes.ts'
import { expectError } from '../../../helpers/expect-error.ts'

/** Chunks and the four bytes that h5py 3.16 (HDF5 2.0.0) stored behind them. */
const STORED_BY_H5PY: readonly (readonly [name: string, chunk: Uint8Array, checksum: string])[] = [
  ['eight zeros', repeat(0, 8), '00000000'],
  ['one byte', fromHex('01'), '00010001'],
  ['three bytes', fromHex('010203'), '02040405'],
  ['seven bytes 255', repeat(255, 7), '00ff00ff'],
  ['0 to 19', Uint8Array.from({ length: 20 }, (_, i) => i), '645a824b'],
  ['two blocks of ones', repeat(255, 1440), 'ffffffff'],
  [
    '3,001 bytes of a pattern',
    Uint8Array.from({ length: 3001 }, (_, i) => (i * i + 7 * i) % 251),
    '3e567aca',
  ],
]

test.each(STORED_BY_H5PY)('computes what h5py stores: %s', (_name, chunk, checksum) => {
  expect(appendChecksum(chunk).subarray(chunk.length)).toEqual(fromHex(checksum))
  expect(verifyChecksum(appendChecksum(chunk))).toEqual(chunk)
})

test('equals the definition: two sums modulo 65,535 of big-endian words', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 0, max: 3 }), (data, shift) => {
      const shifted = new Uint8Array(data.length + shift).subarray(shift)
      shifted.set(data)
      expect(fletcher32(shifted)).toBe(sumByDefinition(data))
    }),
  )
})

test('accepts the checksum with swapped bytes that old libraries wrote', () => {
  const [a, b, c, d] = appendChecksum(fromHex('010203')).subarray(3)
  expect(verifyChecksum(new Uint8Array([1, 2, 3, b!, a!, d!, c!]))).toEqual(fromHex('010203'))
})

test('finds any single changed byte', () => {
  const stored = appendChecksum(Uint8Array.from({ length: 64 }, (_, i) => i * 3))
  for (let i = 0; i < stored.length; i += 1) {
    const changed = stored.slice()
    changed[i]! ^= 0x10
    expectError(() => verifyChecksum(changed), 'E_CHUNK')
  }
})

test('refuses a chunk that is shorter than a checksum', () => {
  expectError(() => verifyChecksum(new Uint8Array(3)), 'E_CHUNK')
})

function sumByDefinition(data: Uint8Array): number {
  let low = 0
  let high = 0
  for (let i = 0; i < data.length; i += 2) {
    low += (data[i]! << 8) | (data[i + 1] ?? 0)
    // The library folds instead of dividing, so a sum that is a multiple of 65,535 is that, and 0 only if all is 0.
    low = low > 0xffff ? low - 0xffff : low
    high += low
    high = high > 0xffff ? high - 0xffff : high
  }
  return high * 65536 + low
}
