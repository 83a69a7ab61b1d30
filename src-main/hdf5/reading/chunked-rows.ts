import { Hdf5Error } from '../../errors.ts'
import { chunkBuffers } from '../filters/chunk-buffers.ts'
import type { FilterPool } from '../filters/filter-pool.ts'
import { findOddity } from '../filters/odd-chunk.ts'
import type { ChunkRecord } from '../model.ts'
import { LIMITS } from '../model.ts'
import { ByteGate } from './byte-gate.ts'
import { findCoordinates } from './chunk-geometry.ts'
import type { ChunkGeometry } from './chunk-geometry.ts'
import type { ChunkTable } from './chunk-table.ts'
import { copyChunkRows } from './copy-chunk-rows.ts'
import type { RowTarget } from './copy-chunk-rows.ts'
import { describeChunk, explainChunkError } from './explain-chunk-error.ts'
import type { FileReader } from './file-reader.ts'
import { fillHole } from './row-source.ts'
import type { RowSource } from './row-source.ts'
import { RunningWork } from './running-work.ts'
import type { StoredDataset } from './stored-object.ts'

/** Encoded and decoded bytes that one dataset may hold at a time while a request runs. */
const IN_FLIGHT_BYTES = 64 * 2 ** 20

export interface ChunkedSetup {
  readonly file: FileReader
  readonly dataset: StoredDataset
  readonly geometry: ChunkGeometry
  readonly table: ChunkTable
  readonly pool: FilterPool
  readonly missingChunks: 'refuse' | 'fill'
  readonly rowBytes: number
}

/** Rows out of decoded chunks. The chunks of the last row that was asked for are kept while the next request may need them. */
export class ChunkedRows implements RowSource {
  readonly bandRows: number
  readonly storedBytes: number
  readonly writtenBytes: number
  private readonly gate = new ByteGate(IN_FLIGHT_BYTES)
  private readonly chunksPerBand: number
  private kept: ReadonlyMap<number, Uint8Array<ArrayBuffer>> = new Map()

  constructor(private readonly setup: ChunkedSetup) {
    const { geometry, table } = setup
    this.bandRows = geometry.chunkShape[0]!
    this.storedBytes = table.records.reduce((sum, record) => sum + record.storedBytes, 0)
    this.writtenBytes = table.records.length * geometry.chunkBytes
    this.chunksPerBand = geometry.gridShape.slice(1).reduce((product, count) => product * count, 1)
  }

  async readRows(start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> {
    const { rowBytes } = this.setup
    const bytes = new Uint8Array((stop - start) * rowBytes)
    if (bytes.length > 0) {
      await this.place({ bytes, start, stop, rowBytes })
    }
    return bytes
  }

  refuseHoles(start: number, stop: number): void {
    const chunk = this.findHole(start, stop)
    if (chunk === undefined) return
    const { file, dataset } = this.setup
    const message = `${file.path}: ${describeChunk(dataset, chunk)} missing: this chunk was never written`
    throw new Hdf5Error('E_HOLE', message, { path: file.path, object: dataset.path })
  }

  /** Where a chunk of these rows was never written: E_HOLE, or it is noted that the rows are filled. */
  settleHoles(start: number, stop: number): void {
    if (this.setup.missingChunks === 'refuse') this.refuseHoles(start, stop)
    else if (this.findHole(start, stop) !== undefined) this.setup.file.filledHoles.note(this.setup.dataset)
  }

  /** The first chunk of these rows that was never written. */
  private findHole(start: number, stop: number): number | undefined {
    const { geometry, table } = this.setup
    const isWhole = table.records.length === geometry.gridShape[0]! * this.chunksPerBand
    if (isWhole || start === stop) return undefined
    const { first, end } = this.findChunks(start, stop)
    for (let chunk = first, position = this.findPosition(first); chunk < end; chunk += 1, position += 1)
      if (table.records[position]?.gridIndex !== chunk) return chunk
    return undefined
  }

  /** Chunks that hold these rows: from the first, up to the end. */
  private findChunks(start: number, stop: number): { readonly first: number; readonly end: number } {
    return {
      first: Math.floor(start / this.bandRows) * this.chunksPerBand,
      end: Math.ceil(stop / this.bandRows) * this.chunksPerBand,
    }
  }

  /** Position of the first record at or behind a chunk of the grid. */
  private findPosition(gridIndex: number): number {
    const { records } = this.setup.table
    let low = 0
    let high = records.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (records[middle]!.gridIndex < gridIndex) low = middle + 1
      else high = middle
    }
    return low
  }

  private async place(target: RowTarget): Promise<void> {
    this.settleHoles(target.start, target.stop)
    const { first, end } = this.findChunks(target.start, target.stop)
    const records = this.setup.table.records.slice(this.findPosition(first), this.findPosition(end))
    if (records.length < end - first) {
      // What was never written is fill value, as HDF5 shows it.
      fillHole(target.bytes, this.setup.dataset)
    }
    const keepFrom = this.isKept(target) ? end - this.chunksPerBand : Infinity
    const keep = new Map<number, Uint8Array<ArrayBuffer>>()
    const work = new RunningWork()
    for (const record of records) {
      const byteCount = record.storedBytes + this.setup.geometry.chunkBytes
      await this.gate.enter(byteCount)
      if (work.hasFailed) {
        this.gate.leave(byteCount)
        break
      }
      const placing = this.placeChunk(record, target, record.gridIndex >= keepFrom ? keep : undefined)
      work.add(placing.finally(() => this.gate.leave(byteCount)))
    }
    await work.finish()
    this.kept = keep
  }

  /** Kept only if the request ends inside a band, and the band is not too large to be held. */
  private isKept(target: RowTarget): boolean {
    const endsInside = target.stop % this.bandRows !== 0 && target.stop < this.setup.geometry.shape[0]!
    return endsInside && this.chunksPerBand * this.setup.geometry.chunkBytes <= LIMITS.chunkBytes
  }

  private async placeChunk(
    record: ChunkRecord,
    target: RowTarget,
    keep: Map<number, Uint8Array<ArrayBuffer>> | undefined,
  ): Promise<void> {
    const { geometry } = this.setup
    const known = this.kept.get(record.gridIndex)
    const chunk = known ?? (await this.decode(record))
    keep?.set(record.gridIndex, chunk)
    copyChunkRows(chunk, target, { geometry, coordinates: findCoordinates(geometry, record.gridIndex) })
    // What is kept, or was, may be in use by another request.
    if (keep === undefined && known === undefined) chunkBuffers.give(chunk)
  }

  private async decode(record: ChunkRecord): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await this.decodeRecord(record)
    } catch (error) {
      const { file, dataset } = this.setup
      throw explainChunkError(error, { path: file.path, dataset, record })
    }
  }

  private async decodeRecord(record: ChunkRecord): Promise<Uint8Array<ArrayBuffer>> {
    const { file, dataset, geometry, pool } = this.setup
    const encoded = await file.readChunk(record, geometry.chunkBytes)
    const { filters: pipeline, datatype } = dataset
    const { filterMask } = record
    const oddity = findOddity(encoded, { pipeline, filterMask, rawBytes: geometry.chunkBytes })
    const isBare = pipeline.every((_, position) => (filterMask & (1 << position)) !== 0)
    const raw = isBare
      ? encoded
      : await pool.decode(encoded, {
          pipeline,
          elementBytes: datatype.size,
          filterMask,
          rawBytes: geometry.chunkBytes,
        })
    if (raw.length !== geometry.chunkBytes) {
      const message = `the chunk has ${raw.length} instead of ${geometry.chunkBytes} bytes`
      throw new Hdf5Error('E_CHUNK', message, { expected: geometry.chunkBytes, actual: raw.length })
    }
    if (oddity) file.oddChunks.note(dataset, record, oddity)
    return raw
  }
}
