import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { shapeOf } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { RowsChanged } from '../read/file-watch.ts'
import { H5wasmFallback } from '../read/h5wasm-fallback.ts'
import { readSelectedRows } from '../read/read-selected-rows.ts'
import type { RowData } from './row-data.ts'
import type { RowSelection } from './row-selection.ts'

const SLAB_BYTES = 4 * 2 ** 20
/** A writer that appends may write the last chunk anew, and the one that it has just begun. */
const OPEN_BANDS = 2

/** A feature as it was read, with the rows of it that the output holds. */
export interface TakenFeature extends RowData {
  readonly rows: RowSelection
}

export interface SecondLookRequest {
  readonly input: string
  /** The output, complete, under the name that it has now. */
  readonly output: string
  readonly features: readonly TakenFeature[]
  /** Rows whose contours the output holds. */
  readonly contours: Iterable<number>
  readonly disk: DiskPort
  readonly pool: FilterPool
  readonly signal: AbortSignal
}

/**
 * Compares the events of an output with those of its input, which moved while it was read: opened anew, the input must hold the same
 * values still. So rows that were not whole yet, and a file that was not continued but overwritten, are found.
 *
 * Throws E_GROWING for rows at the end (`Hdf5Error`: to be read again) and for others (`RowsChanged`), and what the input's reader throws.
 */
export async function lookAgain(request: SecondLookRequest): Promise<void> {
  const { disk, input, output } = request
  const source = await FileReader.open(disk, input)
  const fallback = new H5wasmFallback(input)
  try {
    const written = await FileReader.open(disk, output)
    try {
      await new SecondLook(request, { source, written, fallback }).compare()
    } finally {
      await written.close()
    }
  } finally {
    await fallback.close()
    await source.close()
  }
}

interface BothFiles {
  readonly source: FileReader
  readonly written: FileReader
  readonly fallback: H5wasmFallback
}

class SecondLook {
  readonly #request: SecondLookRequest
  readonly #files: BothFiles

  constructor(request: SecondLookRequest, files: BothFiles) {
    this.#request = request
    this.#files = files
  }

  async compare(): Promise<void> {
    for (const feature of this.#request.features) await this.#compareFeature(feature)
    let position = 0
    for (const row of this.#request.contours) {
      throwIfCancelled(this.#request.signal)
      await this.#compareContour(`/events/contour/${row}`, `/events/contour/${position++}`)
    }
  }

  async #compareFeature({ name, dataset, rows }: TakenFeature): Promise<void> {
    const now = await this.#openSource(dataset.path)
    const taken = await this.#openWritten(`/events/${name}`)
    const last = Math.max(-1, ...(rows.count > 0 ? [greatestRow(rows)] : []))
    if (last >= now.rowCount || now.rowBytes !== taken.rowBytes) throw this.#describe(dataset, 0)
    const slabRows = Math.max(1, Math.floor(SLAB_BYTES / Math.max(1, now.rowBytes)))
    for (let start = 0; start < rows.count; start += slabRows) {
      throwIfCancelled(this.#request.signal)
      const stop = Math.min(start + slabRows, rows.count)
      const [theirs, ours] = await Promise.all([
        readSelectedRows(now, rows.slice(start, stop)),
        taken.readRows(start, stop),
      ])
      const at = findDifference(theirs, ours)
      if (at < 0) continue
      const row = rowAt(rows, start + Math.floor(at / Math.max(1, now.rowBytes)))
      throw this.#describe(dataset, row, OPEN_BANDS * now.bandRows)
    }
  }

  async #compareContour(path: string, written: string): Promise<void> {
    const now = await this.#openSource(path)
    const taken = await this.#openWritten(written)
    const [theirs, ours] = await Promise.all([now.readAll(), taken.readAll()])
    if (findDifference(theirs.bytes, ours.bytes) >= 0) throw this.#describe(now.dataset, 0)
  }

  async #openSource(path: string): Promise<DatasetReader> {
    const { source, fallback } = this.#files
    const object = await source.find(path)
    if (object?.kind !== 'dataset') {
      const message = `${source.path}: ${path} is not there any more: the file was overwritten while it was read`
      throw new RowsChanged('E_GROWING', message, { path: source.path, object: path })
    }
    return DatasetReader.open(source, object, { pool: this.#request.pool, fallback, missingChunks: 'refuse' })
  }

  async #openWritten(path: string): Promise<DatasetReader> {
    const { written } = this.#files
    const object = await written.find(path)
    if (object?.kind === 'dataset') return DatasetReader.open(written, object, { pool: this.#request.pool })
    throw new Hdf5Error('E_VERIFY', `${written.path}: ${path} was written and is not there`, {
      path: written.path,
    })
  }

  /** `openRows`: so many at the end of what was there may have been incomplete. */
  #describe(before: StoredDataset, row: number, openRows = 0): Hdf5Error {
    const { input: path } = this.#request
    const object = before.path
    const length = shapeOf(before.dataspace)[0] ?? 0
    if (row >= length - openRows) {
      const message = `${path}: the last rows of ${object} were not whole when they were read`
      return new Hdf5Error('E_GROWING', message, { path, object })
    }
    const message = `${path} changed while it was read: row ${row} of ${object} is not what it was; wait until the other program has finished, then start again`
    return new RowsChanged('E_GROWING', message, { path, object })
  }
}

function findDifference(one: Uint8Array, other: Uint8Array): number {
  if (Buffer.from(one.buffer, one.byteOffset, one.byteLength).equals(other)) return -1
  const at = one.findIndex((byte, index) => byte !== other[index])
  return at < 0 ? Math.min(one.length, other.length) : at
}

function rowAt(rows: RowSelection, position: number): number {
  const run = rows.slice(position, position + 1)
  return run.kind === 'run' ? run.start : (run.rows[0] ?? 0)
}

function greatestRow(rows: RowSelection): number {
  const run = rows.slice(0, rows.count)
  if (run.kind === 'run') return run.stop - 1
  let greatest = 0
  for (let index = 0; index < run.rows.length; index++) greatest = Math.max(greatest, run.rows[index] ?? 0)
  return greatest
}
