import { Hdf5Error, Internal, assertNever } from '../../errors.ts'
import type { FilterPool } from '../filters/filter-pool.ts'
import { canDecode, describeFilter } from '../filters/pipeline.ts'
import { elementCount, hasVariableParts, shapeOf } from '../model.ts'
import type { Layout, RawData } from '../model.ts'
import { measureChunks, refuseHugeChunks } from './chunk-geometry.ts'
import { readChunkTable } from './chunk-table.ts'
import { ChunkedRows } from './chunked-rows.ts'
import { makeDamage, makeUnsupported } from './damage.ts'
import type { FileReader } from './file-reader.ts'
import { GlobalHeap } from './global-heap.ts'
import { resolveSequences } from './resolve-sequences.ts'
import { fillHole } from './row-source.ts'
import type { RowSource } from './row-source.ts'
import type { StoredDataset } from './stored-object.ts'
import { findForeignSource } from './virtual-sources.ts'

const SLAB_BYTES = 2 ** 20
const LARGEST_READ_BYTES = 2 ** 30
/** Below this nobody minds how much of a dataset was never written. */
const HARMLESS_BYTES = 64 * 2 ** 20
const LARGEST_RATIO = 1000

/** Reads rows where a filter is not known to the layer. */
export interface RowFallback {
  /** Rows as they lie in the file, in the file's byte order. */
  readRows(dataset: StoredDataset, start: number, stop: number): Promise<Uint8Array<ArrayBuffer>>
  /** Rows with variable-length parts, which are resolved. */
  readVariableRows(dataset: StoredDataset, start: number, stop: number): Promise<RawData>
}

export interface DatasetReaderOptions {
  readonly pool: FilterPool
  readonly fallback?: RowFallback | undefined
  /** What to do where no chunk was written: E_HOLE, or the fill value (default). */
  readonly missingChunks?: 'refuse' | 'fill' | undefined
}

/**
 * The values of one dataset, row after row (a row is one item of the first dimension; a scalar is one row, a null dataspace none).
 * Bytes are as stored: byte order and layout of the datatype.
 */
export class DatasetReader {
  private constructor(
    private readonly file: FileReader,
    readonly dataset: StoredDataset,
    private readonly rows: RowSource,
  ) {}

  /**
   * Reads the table of chunks, so that whatever is wrong with the structure shows here.
   * @throws E_META, E_CYCLE, E_CHUNKSIZE; Unsupported E_FILTER naming a filter that neither the layer nor a fallback knows, E_LAYOUT
   * for data that lie in other files, and virtual datasets without a fallback.
   */
  static async open(
    file: FileReader,
    dataset: StoredDataset,
    options: DatasetReaderOptions,
  ): Promise<DatasetReader> {
    return new DatasetReader(file, dataset, await openRows(file, dataset, options))
  }

  get rowCount(): number {
    return countRows(this.dataset)
  }

  get rowBytes(): number {
    return measureRow(this.dataset)
  }

  /** Rows of one chunk, or a slab of about 1 MiB where there are none. */
  get bandRows(): number {
    return this.rows.bandRows
  }

  /** Bytes that the values take in the file. */
  get storedBytes(): number {
    return this.rows.storedBytes
  }

  /** Rows `start` up to, not including, `stop`. @throws E_CHUNK, E_BOMB, E_HOLE naming the events; E_DIMS for more than 1 GiB. */
  async readRows(start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> {
    if (
      !Number.isInteger(start) ||
      !Number.isInteger(stop) ||
      start < 0 ||
      stop < start ||
      stop > this.rowCount
    ) {
      throw new Internal(`rows ${start} to ${stop} of ${this.rowCount} were asked for`, {
        path: this.file.path,
        object: this.dataset.path,
      })
    }
    const byteCount = (stop - start) * this.rowBytes
    if (byteCount > LARGEST_READ_BYTES) {
      const details = { expected: LARGEST_READ_BYTES, actual: byteCount }
      throw makeDamage(this.place, `${byteCount} bytes are too much for one piece`, details, 'E_DIMS')
    }
    this.refuseBomb(byteCount)
    return this.rows.readRows(start, stop)
  }

  /** @throws E_HOLE for the first of these rows that was never written, even where holes are filled. */
  refuseHoles(start: number, stop: number): void {
    this.rows.refuseHoles?.(start, stop)
  }

  /** All values, variable-length parts resolved. @throws as readRows; E_BOMB where of more than 64 MiB next to nothing was ever written. */
  async readAll(): Promise<RawData> {
    this.refuseBomb(this.rowCount * this.rowBytes)
    if (this.rows.readVariableRows && hasVariableParts(this.dataset.datatype)) {
      return this.rows.readVariableRows(0, this.rowCount)
    }
    const bytes = await this.readRows(0, this.rowCount)
    const heap = new GlobalHeap(this.file.source, this.place)
    return resolveSequences(heap, this.file.source.baseAddress, { datatype: this.dataset.datatype, bytes })
  }

  /** Refuses to allocate what a file only claims; compressed values that were written are bounded by their chunks. */
  private refuseBomb(byteCount: number): void {
    const { writtenBytes } = this.rows
    if (byteCount > HARMLESS_BYTES && byteCount > LARGEST_RATIO * writtenBytes) {
      const what = `of ${byteCount} bytes only ${writtenBytes} were ever written`
      throw makeDamage(this.place, what, { expected: byteCount, actual: writtenBytes }, 'E_BOMB')
    }
  }

  private get place(): { readonly path: string; readonly object: string } {
    return { path: this.file.path, object: this.dataset.path }
  }
}

function countRows(dataset: StoredDataset): number {
  const { dataspace } = dataset
  return dataspace.kind === 'simple' ? dataspace.shape[0]! : elementCount(dataspace)
}

function measureRow(dataset: StoredDataset): number {
  return shapeOf(dataset.dataspace)
    .slice(1)
    .reduce((product, length) => product * length, dataset.datatype.size)
}

async function openRows(
  file: FileReader,
  dataset: StoredDataset,
  options: DatasetReaderOptions,
): Promise<RowSource> {
  const { layout } = dataset
  switch (layout.kind) {
    case 'compact':
      return makeCompactRows(dataset, layout)
    case 'contiguous':
      return makeContiguousRows(file, dataset, { layout, missingChunks: options.missingChunks ?? 'fill' })
    case 'chunked':
      return openChunkedRows(file, dataset, options)
    case 'virtual':
      return openVirtualRows(file, dataset, options)
    case 'external':
      throw makeLayoutError(file, dataset, 'the values lie in other files (external storage)')
    default:
      return assertNever(layout)
  }
}

function makeLayoutError(file: FileReader, dataset: StoredDataset, what: string): Error {
  return makeUnsupported({ path: file.path, object: dataset.path }, what, { code: 'E_LAYOUT' })
}

/** HDF5 puts the values together; it is asked only where it stays within the file. */
async function openVirtualRows(
  file: FileReader,
  dataset: StoredDataset,
  { fallback }: DatasetReaderOptions,
): Promise<RowSource> {
  const reason = await findForeignSource(file, dataset)
  if (reason !== undefined) throw makeLayoutError(file, dataset, `it is a virtual dataset, and ${reason}`)
  if (fallback === undefined) throw makeLayoutError(file, dataset, 'a virtual dataset needs HDF5 to be read')
  return {
    bandRows: slabRows(dataset),
    storedBytes: 0,
    // Its sources lie in the file.
    writtenBytes: file.bytes,
    readRows: (start, stop) => fallback.readRows(dataset, start, stop),
    readVariableRows: (start, stop) => fallback.readVariableRows(dataset, start, stop),
  }
}

async function openChunkedRows(
  file: FileReader,
  dataset: StoredDataset,
  options: DatasetReaderOptions,
): Promise<RowSource> {
  refuseHugeChunks(file.path, dataset)
  const table = await readChunkTable(file, dataset)
  const geometry = measureChunks(dataset)
  if (geometry === undefined) {
    throw new Internal('a chunked dataset without geometry', { path: file.path, object: dataset.path })
  }
  const rows = new ChunkedRows({
    file,
    dataset,
    geometry,
    table,
    pool: options.pool,
    missingChunks: options.missingChunks ?? 'fill',
    rowBytes: measureRow(dataset),
  })
  if (canDecode(dataset.filters)) {
    return rows
  }
  const { fallback } = options
  if (fallback === undefined) {
    throw makeFilterError(file, dataset)
  }
  const { bandRows, storedBytes, writtenBytes } = rows
  const refuseHoles = (start: number, stop: number): void => rows.refuseHoles(start, stop)
  // Where HDF5 has no fill value, it leaves in the hole what happened to be in memory.
  const settle = (start: number, stop: number): void =>
    dataset.hasNoFill ? refuseHoles(start, stop) : rows.settleHoles(start, stop)
  const readRows = async (start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> => {
    settle(start, stop)
    return fallback.readRows(dataset, start, stop)
  }
  const readVariableRows = async (start: number, stop: number): Promise<RawData> => {
    settle(start, stop)
    return fallback.readVariableRows(dataset, start, stop)
  }
  return { bandRows, storedBytes, writtenBytes, refuseHoles, readRows, readVariableRows }
}

function makeFilterError(file: FileReader, dataset: StoredDataset): Error {
  const unknown = dataset.filters.filter((filter) => !canDecode([filter])).map(({ id }) => describeFilter(id))
  const place = { path: file.path, object: dataset.path }
  return makeUnsupported(place, `needs ${unknown.join(' and ') || 'filters that Weir does not have'}`, {
    code: 'E_FILTER',
  })
}

function slabRows(dataset: StoredDataset): number {
  return Math.max(1, Math.floor(SLAB_BYTES / Math.max(1, measureRow(dataset))))
}

function makeCompactRows(
  dataset: StoredDataset,
  layout: Extract<Layout, { readonly kind: 'compact' }>,
): RowSource {
  const rowBytes = measureRow(dataset)
  return {
    bandRows: slabRows(dataset),
    storedBytes: layout.data.length,
    writtenBytes: layout.data.length,
    readRows: async (start, stop) => new Uint8Array(layout.data.subarray(start * rowBytes, stop * rowBytes)),
  }
}

interface ContiguousSetup {
  readonly layout: Extract<Layout, { readonly kind: 'contiguous' }>
  readonly missingChunks: 'refuse' | 'fill'
}

function makeContiguousRows(file: FileReader, dataset: StoredDataset, setup: ContiguousSetup): RowSource {
  const rowBytes = measureRow(dataset)
  const { address, storedBytes } = setup.layout
  const refuseHoles = (start: number, stop: number): void => {
    if (address !== null || (stop - start) * rowBytes === 0) return
    const message = `${file.path}: ${dataset.path}: the values were never written`
    throw new Hdf5Error('E_HOLE', message, { path: file.path, object: dataset.path })
  }
  const readRows = async (start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> => {
    const byteCount = (stop - start) * rowBytes
    if (address !== null) {
      return file.source.readBytes(address + start * rowBytes, byteCount, {
        path: file.path,
        object: dataset.path,
      })
    }
    if (setup.missingChunks === 'refuse') refuseHoles(start, stop)
    const bytes = new Uint8Array(byteCount)
    if (byteCount > 0) file.filledHoles.note(dataset)
    fillHole(bytes, dataset)
    return bytes
  }
  return { bandRows: slabRows(dataset), storedBytes, writtenBytes: storedBytes, refuseHoles, readRows }
}
