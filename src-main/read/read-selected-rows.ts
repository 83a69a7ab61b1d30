import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'

/** Rows of a dataset: a run of neighbours, or a list. */
export type RowRun =
  | { readonly kind: 'run'; readonly start: number; readonly stop: number }
  | { readonly kind: 'list'; readonly rows: ArrayLike<number> }

/** Decoded bytes of neighbouring bands that are read at once, so that their chunks are decoded side by side. */
const GROUP_BYTES = 4 * 2 ** 20
/** Groups that are read side by side. */
const GROUPS_AT_ONCE = 4

/**
 * Rows of a dataset in the order of the run, decoded, in the file's own byte order: `rows x rowBytes` bytes.
 *
 * For a list each chunk is decoded once, however the rows are ordered or repeated, and no chunk without a row of the list. Beside the
 * result at most 16 MiB of rows are held, or four bands of chunks where these are larger. If the next list begins in the band in
 * which this one ends, that band is not decoded again.
 */
export async function readSelectedRows(reader: DatasetReader, run: RowRun): Promise<Uint8Array> {
  if (run.kind === 'run') return await reader.readRows(run.start, run.stop)
  const { rows } = run
  const out = new Uint8Array(rows.length * reader.rowBytes)
  const groups = groupBands(reader, rows)
  // The last one is read when nothing else is: what the reader keeps is then its last band.
  const last = groups.pop()
  for (let first = 0; first < groups.length; first += GROUPS_AT_ONCE) {
    const together = groups.slice(first, first + GROUPS_AT_ONCE)
    await Promise.all(together.map((order) => copyGroup(reader, { rows, order, out })))
  }
  if (last) await copyGroup(reader, { rows, order: last, out })
  return out
}

/** Positions in the output, ascending by row, cut where bands are left out and where a group would become too large. */
function groupBands(reader: DatasetReader, rows: ArrayLike<number>): Uint32Array[] {
  const { bandRows, rowBytes } = reader
  const groupBands = Math.max(1, Math.floor(GROUP_BYTES / Math.max(1, bandRows * rowBytes)))
  const order = orderByRow(rows)
  const bandOf = (place: number): number => Math.floor((rows[order[place] ?? 0] ?? 0) / bandRows)
  const groups: Uint32Array[] = []
  let first = 0
  for (let place = 1; place <= order.length; place++) {
    const isWithin =
      place < order.length &&
      bandOf(place) - bandOf(place - 1) <= 1 &&
      bandOf(place) - bandOf(first) < groupBands
    if (isWithin) continue
    groups.push(order.subarray(first, place))
    first = place
  }
  return groups
}

function orderByRow(rows: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: rows.length }, (_, position) => position)
  for (let position = 1; position < rows.length; position++) {
    if ((rows[position] ?? 0) < (rows[position - 1] ?? 0)) {
      return order.sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0))
    }
  }
  return order
}

interface GroupCopy {
  readonly rows: ArrayLike<number>
  /** Positions in the output whose rows lie in these bands, ascending by row. */
  readonly order: Uint32Array
  readonly out: Uint8Array
}

async function copyGroup(reader: DatasetReader, { rows, order, out }: GroupCopy): Promise<void> {
  const lowest = rows[order[0] ?? 0] ?? 0
  const highest = rows[order[order.length - 1] ?? 0] ?? 0
  const band = await reader.readRows(lowest, highest + 1)
  const { rowBytes } = reader
  for (const position of order) {
    const from = ((rows[position] ?? 0) - lowest) * rowBytes
    out.set(band.subarray(from, from + rowBytes), position * rowBytes)
  }
}
