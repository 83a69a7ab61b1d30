/* The three state words are mixed in place; the shifts are those of Bob Jenkins' lookup3 (public domain). */

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function readTail(bytes: Uint8Array, start: number, end: number): number {
  let word = 0
  const last = Math.min(start + 4, end)
  for (let index = start; index < last; index += 1) {
    word |= bytes[index]! << (8 * (index - start))
  }
  return word | 0
}

/**
 * Jenkins lookup3 (hashlittle, initial value 0) of `bytes[start, end)` as an unsigned 32-bit number.
 * Spec: the checksum of every version 2 structure of an HDF5 file and of the superblock versions 2 and 3.
 */
export function lookup3(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const length = end - start
  let a = (0xdeadbeef + length) | 0
  let b = a
  let c = a
  let at = start
  // The last block (1 to 12 bytes) goes through the final mixing below; an empty input is not mixed at all.
  while (end - at > 12) {
    a = (a + readTail(bytes, at, end)) | 0
    b = (b + readTail(bytes, at + 4, end)) | 0
    c = (c + readTail(bytes, at + 8, end)) | 0
    a = ((a - c) | 0) ^ rotate(c, 4)
    c = (c + b) | 0
    b = ((b - a) | 0) ^ rotate(a, 6)
    a = (a + c) | 0
    c = ((c - b) | 0) ^ rotate(b, 8)
    b = (b + a) | 0
    a = ((a - c) | 0) ^ rotate(c, 16)
    c = (c + b) | 0
    b = ((b - a) | 0) ^ rotate(a, 19)
    a = (a + c) | 0
    c = ((c - b) | 0) ^ rotate(b, 4)
    b = (b + a) | 0
    at += 12
  }
  if (length === 0) {
    return c >>> 0
  }
  a = (a + readTail(bytes, at, end)) | 0
  b = (b + readTail(bytes, at + 4, end)) | 0
  c = (c + readTail(bytes, at + 8, end)) | 0
  c = ((c ^ b) - rotate(b, 14)) | 0
  a = ((a ^ c) - rotate(c, 11)) | 0
  b = ((b ^ a) - rotate(a, 25)) | 0
  c = ((c ^ b) - rotate(b, 16)) | 0
  a = ((a ^ c) - rotate(c, 4)) | 0
  b = ((b ^ a) - rotate(a, 14)) | 0
  c = ((c ^ b) - rotate(b, 24)) | 0
  return c >>> 0
}
