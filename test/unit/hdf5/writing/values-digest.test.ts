import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ValuesDigest } from '../../../../src-main/hdf5/writing/values-digest.ts'

const ROW_BYTES = 300_000
const VALUES = Uint8Array.from({ length: 10 * ROW_BYTES }, (_, index) => (index * index) >>> 9)

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** As docs/values-digest.md says it. */
function digestPieces(values: Uint8Array, pieceBytes: number): string {
  const hash = createHash('sha256')
  for (let start = 0; start < values.length; start += pieceBytes)
    hash.update(sha256(values.subarray(start, start + pieceBytes)))
  return hash.digest('hex')
}

describe('the digest of values', () => {
  test.each([
    [1, 2 ** 20],
    [8, 2 ** 20],
    [20_000, 52 * 20_000],
    [300_000, 900_000],
    [2 ** 20, 2 ** 20],
    [2 ** 20 + 1, 2 ** 20 + 1],
    [5_000_000, 5_000_000],
  ])('has pieces of whole rows up to 1 MiB, at least one: rows of %i bytes', (rowBytes, pieceBytes) => {
    expect(new ValuesDigest(rowBytes).pieceBytes).toBe(pieceBytes)
  })

  test('is the same however the values come, and in which order', () => {
    const wanted = digestPieces(VALUES, 3 * ROW_BYTES)
    for (const partBytes of [VALUES.length, ROW_BYTES, 7 * ROW_BYTES, 12_345]) {
      const parts = Array.from(
        { length: Math.ceil(VALUES.length / partBytes) },
        (_, index) => index * partBytes,
      )
      for (const order of [parts, parts.toReversed(), [...parts.slice(1), 0]]) {
        const digest = new ValuesDigest(ROW_BYTES)
        for (const start of order) digest.add(start, VALUES.subarray(start, start + partBytes))
        expect(digest.digest(VALUES.length)).toBe(wanted)
      }
    }
  })

  test('is the same where others have hashed the pieces', () => {
    const digest = new ValuesDigest(ROW_BYTES)
    for (const index of [2, 0, 3, 1]) {
      const piece = VALUES.subarray(index * digest.pieceBytes, (index + 1) * digest.pieceBytes)
      digest.notePiece(index, { sha256: sha256(piece).toString('hex'), byteCount: piece.length })
    }
    expect(digest.digest(VALUES.length)).toBe(digestPieces(VALUES, 3 * ROW_BYTES))
  })

  test('may be asked for again, also when more has come', () => {
    const digest = new ValuesDigest(ROW_BYTES)
    digest.add(0, VALUES.subarray(0, ROW_BYTES))
    for (let time = 0; time < 2; time++)
      expect(digest.digest(ROW_BYTES)).toBe(digestPieces(VALUES.subarray(0, ROW_BYTES), 3 * ROW_BYTES))
    digest.add(ROW_BYTES, VALUES.subarray(ROW_BYTES))
    expect(digest.digest(VALUES.length)).toBe(digestPieces(VALUES, 3 * ROW_BYTES))
  })

  test('a buffer that came early may be used again', () => {
    const digest = new ValuesDigest(ROW_BYTES)
    const buffer = VALUES.slice(ROW_BYTES)
    digest.add(ROW_BYTES, buffer)
    buffer.fill(0)
    digest.add(0, VALUES.subarray(0, ROW_BYTES))
    expect(digest.digest(VALUES.length)).toBe(digestPieces(VALUES, 3 * ROW_BYTES))
  })

  test('there is none of nothing, and none where values are missing', () => {
    const digest = new ValuesDigest(ROW_BYTES)
    expect(digest.digest(0)).toBeUndefined()
    digest.add(0, VALUES.subarray(0, ROW_BYTES))
    digest.add(2 * ROW_BYTES, VALUES.subarray(2 * ROW_BYTES))
    expect(digest.digest(VALUES.length)).toBeUndefined()
  })
})
