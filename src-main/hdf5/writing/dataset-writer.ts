import type { InvalidInput } from '../../errors.ts'
import { elementCount, hasVariableParts, type Attribute, type Dataspace, type RawData } from '../model.ts'
import { checkAttribute } from './attribute-encoding.ts'
import { multiply } from './chunk-grid.ts'
import type { KeptChunk, StoredChunk } from './chunk-store.ts'
import { ChunkedRows, type StoredBand } from './chunked-rows.ts'
import { ContiguousRows } from './contiguous-rows.ts'
import { fillValueMessage, filterMessages } from './dataset-messages.ts'
import type { ChunkPlanner, DatasetSpec } from './dataset-spec.ts'
import { encodeDataspace } from './dataspace-encoding.ts'
import { encodeDatatype } from './datatypes.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'
import type { RowStore } from './row-store.ts'
import { storeSequences } from './store-sequences.ts'
import { ValuesDigest } from './values-digest.ts'
import type { WriteContext } from './write-context.ts'
import type { WrittenChunk } from './written-file.ts'

/**
 * A dataset that is being written.
 *
 * Rows fill the declared shape from row 0 on; a dataset that may grow goes on behind it. After the first failure of the
 * file every call rejects with that failure.
 */
export class DatasetWriter {
  readonly kind = 'dataset'
  readonly planner: ChunkPlanner | undefined
  readonly #context: WriteContext
  readonly #rows: RowStore
  readonly #spec: DatasetSpec
  readonly #digest: ValuesDigest | undefined
  readonly #attributes = new Map<string, Attribute>()
  /** Calls of `append` on one dataset take effect one after the other. */
  #tail: Promise<void> = Promise.resolve()
  #appendedRows = 0
  #rawBytes = 0
  #isWritten = false
  /** The last rows came in a chunk that another file had filled up: no row can follow. */
  #hasEnded = false

  /** Made by `GroupWriter.createDataset`, which checks the spec. */
  constructor(
    context: WriteContext,
    readonly path: string,
    { spec, planner }: { readonly spec: DatasetSpec; readonly planner: ChunkPlanner | undefined },
  ) {
    this.planner = planner
    this.#context = context
    this.#spec = spec
    const { storage } = spec
    const hasValues = storage.kind === 'chunked' && this.#rowBytes() > 0 && !hasVariableParts(spec.datatype)
    this.#digest = hasValues && context.digestsValuesOf(path) ? new ValuesDigest(this.#rowBytes()) : undefined
    this.#rows =
      storage.kind === 'chunked'
        ? new ChunkedRows(context, {
            object: path,
            spec: { ...spec, storage },
            planner,
            digest: this.#digest,
          })
        : new ContiguousRows(context, spec, elementCount(this.dataspace) * spec.datatype.size)
  }

  /** Its filters are those of the plan once the first chunk was filtered. */
  get spec(): DatasetSpec {
    const { storage } = this.#spec
    if (storage.kind !== 'chunked' || !(this.#rows instanceof ChunkedRows)) return this.#spec
    const { filters } = this.#rows
    return filters === storage.filters ? this.#spec : { ...this.#spec, storage: { ...storage, filters } }
  }

  /** Length of the first dimension with all rows that were handed in; a scalar has 1, a null dataspace 0. */
  get rowCount(): number {
    const { shape } = this.#spec
    if (shape === null) return 0
    return shape.length === 0 ? 1 : Math.max(shape[0]!, this.#appendedRows)
  }

  /** Bytes that were handed in. */
  get rawBytes(): number {
    return this.#rawBytes
  }

  /** Bytes that the data take in the file by now; chunks that are still on their way are not counted. */
  get storedBytes(): number {
    return this.#rows.storedBytes
  }

  /** In ascending order of gridIndex. */
  get chunks(): readonly WrittenChunk[] {
    return this.#rows.chunks
  }

  /**
   * Digest of the values, in hexadecimal, once all are in the file (`FileWriter.settle`). Undefined where it was not asked for, where
   * chunks went over as they were stored, and where there are no values.
   */
  get valuesDigest(): string | undefined {
    return this.#digest?.digest(this.rowCount * this.#rowBytes())
  }

  get attributes(): ReadonlyMap<string, Attribute> {
    return this.#attributes
  }

  get dataspace(): Dataspace {
    const { shape, maxShape, storage } = this.#spec
    if (shape === null) return { kind: 'null' }
    if (shape.length === 0) return { kind: 'scalar' }
    const now = [this.rowCount, ...shape.slice(1)]
    const growing = storage.kind === 'chunked' ? [null, ...shape.slice(1)] : now
    return { kind: 'simple', shape: now, maxShape: maxShape ?? growing }
  }

  /** Adds or replaces an attribute. Throws as `checkAttribute` and where the file is complete. */
  setAttribute(attribute: Attribute): void {
    this.#context.checkOpen(this.path)
    checkAttribute(attribute, { path: this.#context.path, object: this.path })
    this.#attributes.set(attribute.name, attribute)
  }

  /**
   * Appends whole rows, any number of them. Resolves when they were accepted (copied or written); chunks are filtered and
   * written in the background, so waiting for it is the back-pressure. `rows` is borrowed until then.
   *
   * Throws InvalidInput: E_LEN for parts of rows, E_RANGE beyond the maximum length, E_TYPE for variable-length types.
   */
  async append(rows: Uint8Array): Promise<void> {
    this.#context.checkOpen(this.path)
    if (hasVariableParts(this.#spec.datatype)) {
      throw this.#refuse('E_TYPE', 'variable-length values can only be written at once, with write()')
    }
    await this.#accept(rows)
  }

  /**
   * Writes all elements at once to a dataset that has none yet. Variable-length parts go to the global heap.
   * Throws InvalidInput: E_LEN if the bytes do not fill the shape (or, with length 0 and growing, whole rows), E_EXISTS
   * if there are data already.
   */
  async write(data: RawData): Promise<void> {
    this.#context.checkOpen(this.path)
    if (this.#isWritten) throw this.#refuse('E_EXISTS', 'it has data already')
    const { datatype, shape } = this.#spec
    const expected = elementCount(this.dataspace) * datatype.size
    const isFresh = this.#spec.storage.kind === 'chunked' && shape?.[0] === 0
    if (!isFresh && data.bytes.byteLength !== expected) {
      const counts = { expected, actual: data.bytes.byteLength }
      throw this.#refuse('E_LEN', `${counts.actual} bytes were given, its shape asks for ${expected}`, counts)
    }
    const { heap } = this.#context
    await this.#accept(hasVariableParts(datatype) ? storeSequences(datatype, data, heap) : data.bytes)
  }

  /**
   * Stores a chunk as it is, filters applied. For copies without recompression: the shape is declared in the spec, and every
   * chunk is given once. Takes the buffer. A chunk whose checksum does not fit fails the file.
   * Throws InvalidInput (E_RANGE) for a place outside of the declared shape.
   */
  async keepChunk(gridIndex: number, stored: StoredChunk): Promise<void> {
    const { bytes, ...rest } = stored
    const kept = { ...rest, ...this.acceptChunk(gridIndex), offset: 0, storedBytes: bytes.byteLength }
    await this.#context.chunks.keep({ bytes, chunks: [kept] })
  }

  /** For the file, which keeps chunks of several datasets at once: as `keepChunk` the place of a chunk that is about to come. */
  acceptChunk(gridIndex: number): Pick<KeptChunk, 'target' | 'rawBytes' | 'isHashed'> {
    this.#context.checkOpen(this.path)
    const rows = this.#requireChunks()
    const bandCount = Math.ceil(this.rowCount / rows.grid.bandRows)
    if (!Number.isInteger(gridIndex) || gridIndex < 0 || gridIndex >= bandCount * rows.grid.chunksPerBand) {
      throw this.#refuse('E_RANGE', `its shape has no chunk ${gridIndex}`, { actual: gridIndex })
    }
    this.#isWritten = true
    this.#rawBytes += rows.grid.chunkBytes
    return rows.describeKept(gridIndex)
  }

  /**
   * Appends rows that another file stores in chunks of this shape; those before must fill whole bands. Each chunk is decoded and
   * encoded anew in one thread. Takes the buffers. Resolves when the chunks were accepted, as `append`. A damaged chunk fails the file.
   *
   * Throws InvalidInput: E_DIMS for a dataset without chunks, E_LEN for another number of rows or chunks than a band has, E_RANGE
   * beyond the maximum length.
   */
  async appendStored(band: StoredBand): Promise<void> {
    this.#context.checkOpen(this.path)
    const rows = this.#requireChunks()
    const { bandRows, chunksPerBand, rowBytes } = rows.grid
    const isWhole = band.rowCount > 0 && band.rowCount <= bandRows && this.#appendedRows % bandRows === 0
    if (!isWhole || band.chunks.length !== chunksPerBand) {
      const reason = `${band.chunks.length} chunks of ${band.rowCount} rows behind row ${this.#appendedRows} are no band of ${bandRows} rows`
      throw this.#refuse('E_LEN', reason, { expected: bandRows, actual: band.rowCount })
    }
    await this.#takeTurn(band.rowCount, rowBytes, () => {
      this.#hasEnded = band.rowCount < bandRows
      return rows.recodeBand(band)
    })
  }

  /** The chunks that are in the file by now, read back and decoded, in ascending order of gridIndex. Throws what disk and codec throw. */
  async *readChunks(): AsyncGenerator<Uint8Array> {
    const { chunks, file, pool } = this.#context
    await chunks.drain()
    const { storage, datatype } = this.spec
    const pipeline = storage.kind === 'chunked' ? storage.filters : []
    for (const { address, storedBytes, filterMask, rawBytes } of this.chunks) {
      const encoded = new Uint8Array(storedBytes)
      await file.readExactly(encoded, address)
      yield await pool.decode(encoded, { pipeline, elementBytes: datatype.size, filterMask, rawBytes })
    }
  }

  /** Hands over what is still collected, after all rows that were given. For the file. */
  async flush(): Promise<void> {
    await this.#tail
    this.#context.failure.check()
    await this.#rows.flush()
  }

  /** The messages of its header without attributes, after all data are stored. For the file. */
  describe(): HeaderMessage[] {
    const { datatype, storage, fillValue } = this.spec
    return [
      { type: MESSAGE.dataspace, body: encodeDataspace(this.dataspace) },
      { type: MESSAGE.datatype, body: encodeDatatype(datatype), isConstant: true },
      // Spec: without a value it is zeros; a variable-length one would need a heap, so only zeros come here.
      fillValueMessage(storage.kind, hasVariableParts(datatype) ? undefined : fillValue),
      this.#rows.describeLayout(),
      ...filterMessages(storage.kind === 'chunked' ? storage.filters : []),
    ]
  }

  async #accept(rows: Uint8Array): Promise<void> {
    const rowBytes = this.#rowBytes()
    const rowCount = this.#countRows(rows, rowBytes)
    await this.#takeTurn(rowCount, rowBytes, () => this.#rows.append(rows))
  }

  /** Counts the rows at once, stores them after those of earlier calls. */
  async #takeTurn(rowCount: number, rowBytes: number, store: () => Promise<void>): Promise<void> {
    const limit = this.#hasEnded ? this.#appendedRows : this.#maxRows()
    if (this.#appendedRows + rowCount > limit) {
      const counts = { expected: limit, actual: this.#appendedRows + rowCount }
      throw this.#refuse('E_RANGE', `it has at most ${limit} rows, ${counts.actual} were given`, counts)
    }
    this.#appendedRows += rowCount
    this.#rawBytes += rowCount * rowBytes
    this.#isWritten ||= rowCount > 0
    const { failure, path } = this.#context
    const done = this.#tail.then(store).catch((thrown: unknown) => {
      throw failure.record(thrown, { path, object: this.path })
    })
    // The failure is kept by the file; the next call throws it.
    this.#tail = done.catch(() => undefined)
    await done
  }

  #requireChunks(): ChunkedRows {
    if (this.#rows instanceof ChunkedRows) return this.#rows
    throw this.#refuse('E_DIMS', 'it has no chunks')
  }

  #rowBytes(): number {
    return multiply(this.#spec.shape?.slice(1) ?? []) * this.#spec.datatype.size
  }

  #countRows(rows: Uint8Array, rowBytes: number): number {
    if (rows.byteLength === 0) return 0
    if (rowBytes > 0 && rows.byteLength % rowBytes === 0) return rows.byteLength / rowBytes
    const counts = { expected: rowBytes, actual: rows.byteLength }
    throw this.#refuse('E_LEN', `${rows.byteLength} bytes are not whole rows of ${rowBytes} bytes`, counts)
  }

  #maxRows(): number {
    const space = this.dataspace
    if (space.kind !== 'simple') return elementCount(space)
    return space.maxShape[0] ?? Infinity
  }

  #refuse(code: string, reason: string, details: { expected?: number; actual?: number } = {}): InvalidInput {
    const text = `${this.path} in ${this.#context.path} cannot be written: ${reason}`
    return this.#context.refuse(code, text, { object: this.path, ...details })
  }
}
