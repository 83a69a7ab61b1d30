import type { ByteCursor } from './byte-cursor.ts'

const TYPE = { none: 0, points: 1, hyperslab: 2, all: 3 } as const
const FLAG_REGULAR = 0x01
/** Start, stride, count and block of each dimension. */
const REGULAR_PARTS = 4

/** Spec: "Dataspace Selection": steps over one; true if it reaches as far as the dataset will. */
export function skipSelection(cursor: ByteCursor): boolean {
  const type = cursor.uint32()
  const version = cursor.uint32()
  switch (type) {
    case TYPE.none:
    case TYPE.all:
      cursor.skip(8)
      return false
    case TYPE.points:
      skipPoints(cursor, version)
      return false
    case TYPE.hyperslab:
      return skipHyperslab(cursor, version)
    default:
      throw cursor.damage(`a selection of type ${type} is not known`, { back: 8 })
  }
}

function skipPoints(cursor: ByteCursor, version: number): void {
  if (version === 1) {
    cursor.skip(4)
    cursor.skip(cursor.uint32())
    return
  }
  expectKnown(cursor, version, 2)
  const width = cursor.uint8()
  const rank = cursor.uint32()
  cursor.skip(cursor.uint(width) * rank * width)
}

function skipHyperslab(cursor: ByteCursor, version: number): boolean {
  if (version === 1) {
    cursor.skip(4)
    cursor.skip(cursor.uint32())
    return false
  }
  if (version === 2) {
    cursor.skip(1 + 4)
    return skipRegular(cursor, cursor.uint32(), 8)
  }
  expectKnown(cursor, version, 3)
  const flags = cursor.uint8()
  const width = cursor.uint8()
  const rank = cursor.uint32()
  if (flags & FLAG_REGULAR) return skipRegular(cursor, rank, width)
  cursor.skip(2 * rank * cursor.uint(width) * width)
  return false
}

/** Spec: a count or block of which all bits are set has no end. */
function skipRegular(cursor: ByteCursor, rank: number, width: number): boolean {
  const numbers = Array.from({ length: Math.min(rank, cursor.remaining) * REGULAR_PARTS }, () =>
    cursor.run(width),
  )
  return numbers.some((number) => number.every((byte) => byte === 0xff))
}

function expectKnown(cursor: ByteCursor, version: number, known: number): void {
  if (version !== known) throw cursor.damage(`a selection of version ${version} is not known`, { back: 4 })
}
