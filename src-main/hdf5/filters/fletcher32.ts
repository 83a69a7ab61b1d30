import { Hdf5Error } from '../../errors.ts'
import { sumVectors } from './kernels/kernels.ts'

export const CHECKSUM_BYTES = 4

/**
 * HDF5's Fletcher-32 of the bytes.
 *
 * Spec: two sums modulo 65,535 over 16-bit big-endian words; an odd last byte is the high byte of a last word.
 */
export function fletcher32(data: Uint8Array): number {
  // Sums modulo 65,535 have a pretty property: of words with swapped bytes they are the swapped sums of the words.
  // So the words are read as the machine (little-endian, all of ours) has them, and the result is swapped once.
  const sums = sumWords(data)
  let low = swapBytes(sums.low)
  let high = swapBytes(sums.high)
  if (data.byteLength % 2 === 1) {
    low = fold(low + (data[data.byteLength - 1]! << 8))
    high = fold(high + low)
  }
  return ((high << 16) | low) >>> 0
}

/** The bytes, then their checksum, little-endian. */
export function appendChecksum(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(data.byteLength + CHECKSUM_BYTES)
  result.set(data)
  new DataView(result.buffer).setUint32(data.byteLength, fletcher32(data), true)
  return result
}

/** The bytes without their checksum. Throws Hdf5Error E_CHUNK if it is not theirs. */
export function verifyChecksum<T extends ArrayBufferLike>(data: Uint8Array<T>): Uint8Array<T> {
  const length = data.byteLength - CHECKSUM_BYTES
  if (length < 0) {
    throw new Hdf5Error('E_CHUNK', 'the chunk is too short for a checksum', {
      expected: CHECKSUM_BYTES,
      actual: data.byteLength,
    })
  }
  const content = data.subarray(0, length)
  const stored = new DataView(data.buffer, data.byteOffset + length, CHECKSUM_BYTES).getUint32(0, true)
  const computed = fletcher32(content)
  // HDF5 before 1.6.3 stored the two sums with swapped bytes on little-endian machines; the library takes both.
  if (stored !== computed && stored !== swapSums(computed)) {
    throw new Hdf5Error('E_CHUNK', 'the checksum does not fit the bytes', {
      expected: hexadecimal(stored),
      actual: hexadecimal(computed),
    })
  }
  return content
}

/** The sums over 16-bit words as the machine has them, an odd last byte left out: by the kernels, and what is behind their last vector. */
function sumWords(data: Uint8Array): { readonly low: number; readonly high: number } {
  const whole = sumVectors(data)
  let { low, high } = whole
  for (let at = whole.bytes; at + 1 < data.byteLength; at += 2) {
    low = fold(low + (data[at]! | (data[at + 1]! << 8)))
    high = fold(high + low)
  }
  return { low, high }
}

function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16)
  return (once & 0xffff) + (once >>> 16)
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8)
}

function swapSums(checksum: number): number {
  return ((swapBytes(checksum >>> 16) << 16) | swapBytes(checksum & 0xffff)) >>> 0
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}
