import { expect, test } from 'vitest'
import { decompressLzf } from '../../../../src-main/hdf5/filters/lzf.ts'
import { expectError } from '../../../helpers/expect-error.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

test('runs as they are, and runs that repeat what was made', () => {
  expect(decompressLzf(bytes(2, 1, 2, 3), 10)).toEqual(bytes(1, 2, 3))
  // Three bytes, then four of what stands three before.
  expect(decompressLzf(bytes(2, 1, 2, 3, (2 << 5) | 0, 2), 10)).toEqual(bytes(1, 2, 3, 1, 2, 3, 1))
  // One byte, then 7 + 3 + 2 of the byte before.
  expect(decompressLzf(bytes(0, 9, 7 << 5, 3, 0), 13)).toEqual(new Uint8Array(13).fill(9))
  expect(decompressLzf(bytes(), 10)).toEqual(bytes())
})

test('what h5py wrote', () => {
  // 32 numbers of two bytes, 0 to 7 again and again, compressed by h5py 3.16.
  const stored = Buffer.from('100000010002000300040005000600070000e0240f010700', 'hex')
  const raw = new Uint8Array(Uint16Array.from({ length: 32 }, (_, index) => index % 8).buffer)
  expect(decompressLzf(stored, raw.length)).toEqual(raw)
})

test('damage and bombs are told', () => {
  expectError(() => decompressLzf(bytes(5, 1, 2), 10), 'E_CHUNK')
  expectError(() => decompressLzf(bytes(0, 1, 7 << 5), 10), 'E_CHUNK')
  expectError(() => decompressLzf(bytes(0, 1, 1 << 5), 10), 'E_CHUNK')
  expectError(() => decompressLzf(bytes(0, 1, 1 << 5, 1), 10), 'E_CHUNK')
  expectError(() => decompressLzf(bytes(0, 1, 7 << 5, 255, 0), 100), 'E_BOMB')
  expectError(() => decompressLzf(bytes(3, 1, 2, 3, 4), 3), 'E_BOMB')
})
