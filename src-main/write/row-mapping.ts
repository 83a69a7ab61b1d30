import { InvalidInput, throwIfCancelled } from '../errors.ts'
import { nameDtype } from '../hdf5/dtype-name.ts'
import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { readNumbers } from '../read/read-numbers.ts'
import { readSelectedRows } from '../read/read-selected-rows.ts'
import { checkNdArray, type NdArray } from './nd-array.ts'

/** Rows in ascending order are read once, whatever the slab: small ones keep memory low. */
const ASCENDING_SLAB_BYTES = 8 * 2 ** 20
/** Rows in any order: a slab may need every chunk, so that its size decides how often the source is decoded. */
const DEFAULT_SLAB_BYTES = 256 * 2 ** 20

/** Which row of the source each row of the copy is. */
export interface RowMapping {
  /** 0-based. */
  readonly rows: Float64Array
  readonly isAscending: boolean
  /** Bytes of rows that may be in memory at a time. */
  readonly slabBytes: number
}

/** Throws InvalidInput (E_USAGE) for anything but 1-D integers and for a slab without bytes. */
export function makeRowMapping(mapping: NdArray, slabBytes = DEFAULT_SLAB_BYTES): RowMapping {
  const { datatype, shape, bytes } = checkNdArray(mapping, 'mapping')
  const isList = datatype.class === 'integer' && shape.length === 1
  const rows = isList ? readNumbers(datatype, bytes) : undefined
  if (rows === undefined) {
    const actual = `${nameDtype(datatype)} in ${shape.length} dimensions`
    throw new InvalidInput('E_USAGE', `a mapping is a 1-D array of integers, not ${actual}`, { actual })
  }
  if (!(slabBytes > 0)) throw new InvalidInput('E_USAGE', `slabs of ${slabBytes} bytes hold no row`)
  const isAscending = rows.every((row, place) => place === 0 || row >= (rows[place - 1] ?? 0))
  return { rows, isAscending, slabBytes }
}

/** Throws E_RANGE, naming the first entry that is no row of this object. */
export function requireRows(
  { rows }: RowMapping,
  rowCount: number,
  place: { readonly path: string; readonly object: string },
): void {
  const entry = rows.findIndex((row) => row < 0 || row >= rowCount)
  if (entry < 0) return
  const has = rowCount === 0 ? 'has no rows' : `has the rows 0 to ${rowCount - 1}`
  const message = `${place.path}: entry ${entry} of the mapping is ${rows[entry]}, but ${place.object} ${has}`
  throw new InvalidInput('E_RANGE', message, { ...place, expected: rowCount - 1, actual: rows[entry] })
}

/**
 * The mapped rows in the order of the mapping, slab after slab. Each slab is one pass over the chunks that it needs, in their order, each
 * decoded once; an ascending mapping is read in one pass altogether.
 */
export async function* readMappedSlabs(
  reader: DatasetReader,
  { rows, isAscending, slabBytes }: RowMapping,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly rowCount: number }> {
  const most = isAscending ? Math.min(slabBytes, ASCENDING_SLAB_BYTES) : slabBytes
  const slabRows = Math.max(1, Math.floor(most / Math.max(1, reader.rowBytes)))
  for (let start = 0; start < rows.length; start += slabRows) {
    throwIfCancelled(signal)
    const slab = rows.subarray(start, start + slabRows)
    yield { bytes: await readSelectedRows(reader, { kind: 'list', rows: slab }), rowCount: slab.length }
  }
}
