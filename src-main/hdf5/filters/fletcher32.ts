import { Hdf5Error } from '../../errors.ts'

export const CHECKSUM_BYTES = 4

/** So many words can be added before the second sum could leave 32 bits. */
const BLOCK_WORDS = 360

/**
 * HDF5's Fletcher-32 of the bytes.
 *
 * Spec: two sums modulo 65,535 over 16-bit big-endian words; an odd last byte is the high byte of a last word.
 */
export function fletcher32(data: Uint8Array): number {
  // Sums modulo 65,535 have a pretty property: of words with swapped bytes they are the swapped sums of the words.
  // So the words are read as the machine (little-endian, all of ours) has them, and the result is swapped once.
  const sums = sumWords(toWords(data))
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

function toWords(data: Uint8Array): Uint16Array {
  const count = data.byteLength >>> 1
  if (data.byteOffset % 2 === 0) return new Uint16Array(data.buffer, data.byteOffset, count)
  return new Uint16Array(data.slice().buffer, 0, count)
}

function sumWords(words: Uint16Array): { readonly low: number; readonly high: number } {
  let low = 0
  let high = 0
  for (let start = 0; start < words.length; start += BLOCK_WORDS) {
    const end = Math.min(start + BLOCK_WORDS, words.length)
    for (let i = start; i < end; i += 1) {
      low = (low + words[i]!) | 0
      high = (high + low) | 0
    }
    low = (low & 0xffff) + (low >>> 16)
    high = (high & 0xffff) + (high >>> 16)
  }
  return { low: fold(low), high: fold(high) }
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
