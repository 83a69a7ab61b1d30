import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { RowRun } from './row-selection.ts'

/**
 * Rows of a dataset in the order of the run, decoded, in the file's own byte order: `rows x rowBytes` bytes.
 * For a list each chunk is decoded once, however the rows are ordered or repeated.
 */
export async function readSelectedRows(reader: DatasetReader, run: RowRun): Promise<Uint8Array> {
  if (run.kind === 'run') return await reader.readRows(run.start, run.stop)
  const { rows } = run
  const out = new Uint8Array(rows.length * reader.rowBytes)
  const order = Uint32Array.from({ length: rows.length }, (_, i) => i)
  // A stable order of reading; the places in `out` keep the order that was asked for.
  order.sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0))
  for (let first = 0; first < order.length;) {
    const end = findBandEnd(rows, order, { first, bandRows: reader.bandRows })
    await copyBand(reader, { rows, order: order.subarray(first, end), out })
    first = end
  }
  return out
}

interface BandStart {
  readonly first: number
  readonly bandRows: number
}

/** First position in `order` behind `first` whose row lies in another band. */
function findBandEnd(rows: ArrayLike<number>, order: Uint32Array, { first, bandRows }: BandStart): number {
  const band = Math.floor((rows[order[first] ?? 0] ?? 0) / bandRows)
  let end = first + 1
  while (end < order.length && Math.floor((rows[order[end] ?? 0] ?? 0) / bandRows) === band) end++
  return end
}

interface BandCopy {
  readonly rows: ArrayLike<number>
  /** Positions in the output whose rows lie in this band, ascending by row. */
  readonly order: Uint32Array
  readonly out: Uint8Array
}

async function copyBand(reader: DatasetReader, { rows, order, out }: BandCopy): Promise<void> {
  const lowest = rows[order[0] ?? 0] ?? 0
  const highest = rows[order[order.length - 1] ?? 0] ?? 0
  const band = await reader.readRows(lowest, highest + 1)
  const { rowBytes } = reader
  for (const position of order) {
    const from = ((rows[position] ?? 0) - lowest) * rowBytes
    out.set(band.subarray(from, from + rowBytes), position * rowBytes)
  }
}
