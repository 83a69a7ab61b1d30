import { InvalidInput } from '../errors.ts'
import { LIMITS } from '../hdf5/model.ts'
import { countElements } from './nd-array.ts'
import { requireArgument } from './require-argument.ts'

const MIB = 2 ** 20
const FEWEST_ROWS = 10
const MOST_ROWS = 1000

/**
 * Chunk shape for events of this shape: about 1 MiB, at least 10 and at most 1000 events.
 *
 * dcnum: `HDF5Writer.get_best_nd_chunks`.
 */
export function getBestNdChunks(itemShape: readonly number[], itemBytes = 8): number[] {
  requireShape(itemShape)
  const eventBytes = countElements(itemShape) * itemBytes
  const rows = Math.floor(MIB / eventBytes)
  return [Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, rows)), ...itemShape]
}

/** Throws InvalidInput (E_USAGE) for what is not the shape of an event. */
export function requireShape(itemShape: unknown): void {
  const isShape =
    Array.isArray(itemShape) && itemShape.every((length) => Number.isSafeInteger(length) && length >= 0)
  requireArgument(isShape, 'itemShape', {
    expected: 'an array of lengths ([] for a scalar)',
    actual: itemShape,
  })
}

export interface ChunkShapeChoice {
  readonly itemShape: readonly number[]
  readonly itemBytes: number
  /** Rows that the dataset has, if it is not to grow. */
  readonly rowCount?: number | undefined
  /** dsKwds.chunks: taken as it is. */
  readonly wanted?: readonly number[] | undefined
}

/**
 * The chunk shape of a new dataset: the wanted one, else the best one, with no more rows than the dataset has.
 *
 * Differs: fewer than 10 rows where 10 were more than a chunk may have (256 MiB).
 * Throws E_DIMS where even one row is too large or has no elements.
 */
export function chooseChunkShape(choice: ChunkShapeChoice): number[] {
  const { itemShape, itemBytes, rowCount, wanted } = choice
  const rowBytes = countElements(itemShape) * itemBytes
  if (wanted) return checkWanted(wanted, choice)
  if (rowBytes === 0 || rowBytes > LIMITS.chunkBytes) {
    const message = `a row of shape (${itemShape.join(', ')}) has ${rowBytes} bytes: chunks hold 1 byte to ${LIMITS.chunkBytes}`
    throw new InvalidInput('E_DIMS', message, { expected: LIMITS.chunkBytes, actual: rowBytes })
  }
  const best = getBestNdChunks(itemShape, itemBytes)[0] ?? FEWEST_ROWS
  const rows = Math.min(best, Math.max(1, rowCount ?? best), Math.floor(LIMITS.chunkBytes / rowBytes))
  return [rows, ...itemShape]
}

function checkWanted(wanted: readonly number[], choice: ChunkShapeChoice): number[] {
  const { itemShape, itemBytes } = choice
  const isFitting =
    wanted.length === itemShape.length + 1 &&
    wanted.every((length) => Number.isSafeInteger(length) && length > 0)
  if (isFitting && countElements(wanted) * itemBytes <= LIMITS.chunkBytes) return [...wanted]
  const message = `chunks of shape (${wanted.join(', ')}) do not fit rows of shape (${itemShape.join(', ')})`
  throw new InvalidInput('E_DIMS', message, { actual: wanted.join(', ') })
}
