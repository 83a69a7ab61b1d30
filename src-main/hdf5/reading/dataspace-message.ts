import { LIMITS } from '../model.ts'
import type { Dataspace } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { makeDamage, makeUnsupported } from './damage.ts'

const UNLIMITED = 0xffffffffffffffffn
const FLAG_MAXIMUM = 0x01
const FLAG_PERMUTATION = 0x02
const KIND = { scalar: 0, simple: 1, none: 2 } as const

/**
 * Spec: "Dataspace Message", version 1 and 2.
 * @throws E_DIMS where a length or the number of elements is beyond 2^53, or the rank beyond LIMITS.rank; Unsupported for a limit beyond 2^53.
 */
export function parseDataspace(cursor: ByteCursor): Dataspace {
  const { offset } = cursor
  const version = cursor.expectVersion([1, 2], 'the dataspace')
  const rank = cursor.uint8()
  const flags = cursor.uint8()
  if (rank > LIMITS.rank) {
    const details = { offset, expected: LIMITS.rank, actual: rank }
    throw makeDamage(cursor.place, `${rank} dimensions are too many`, details, 'E_DIMS')
  }
  const kind = version === 1 ? Math.min(rank, KIND.simple) : cursor.uint8()
  if (kind > KIND.none || (kind !== KIND.simple && rank > 0)) {
    throw cursor.damage(`a dataspace of kind ${kind} with ${rank} dimensions is impossible`, { back: 1 })
  }
  cursor.skip(version === 1 ? 5 : 0)
  if (kind === KIND.none) {
    return { kind: 'null' }
  }
  if (rank === 0) {
    return { kind: 'scalar' }
  }
  const shape = Array.from({ length: rank }, () => readLength(cursor))
  const maxShape = flags & FLAG_MAXIMUM ? shape.map((length) => readMaximum(cursor, length)) : [...shape]
  // Spec: the permutation of version 1 was never written by any library.
  cursor.skip(version === 1 && flags & FLAG_PERMUTATION ? 8 * rank : 0)
  checkCount(cursor, shape, offset)
  return { kind: 'simple', shape, maxShape }
}

function readLength(cursor: ByteCursor): number {
  const { offset } = cursor
  const value = cursor.bigUint64()
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw makeDamage(
      cursor.place,
      `a dimension of ${value} is impossible`,
      { offset, actual: String(value) },
      'E_DIMS',
    )
  }
  return Number(value)
}

function readMaximum(cursor: ByteCursor, length: number): number | null {
  const value = cursor.bigUint64()
  if (BigInt(length) > value) {
    throw cursor.damage(`a dimension of ${length} is beyond its maximum of ${value}`, { back: 8 })
  }
  if (value === UNLIMITED) return null
  // Taken for no limit, the chunk index would be read by other rules than the library's.
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    const what = `a dimension with a maximum of ${value} is not supported`
    throw makeUnsupported(cursor.place, what, { offset: cursor.offset - 8, code: 'E_DIMS' })
  }
  return Number(value)
}

function checkCount(cursor: ByteCursor, shape: readonly number[], offset: number): void {
  const count = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1)
  if (count > Number.MAX_SAFE_INTEGER) {
    const what = `${shape.join(' x ')} elements are impossible`
    throw makeDamage(cursor.place, what, { offset, actual: shape.join(' x ') }, 'E_DIMS')
  }
}
