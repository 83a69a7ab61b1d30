import type { ChunkProof, FilterTask, ProofWish } from '../filters/filter-pool.ts'
import type { FilterPipeline } from '../model.ts'
import { ChunkBand } from './chunk-band.ts'
import { makeGrid, type ChunkGrid } from './chunk-grid.ts'
import { encodeChunkTree } from './chunk-tree.ts'
import type { ChunkTarget, KeptChunk, StoredChunk } from './chunk-store.ts'
import { chunkedLayoutMessage, singleChunkLayoutMessage } from './dataset-messages.ts'
import type { ChunkedStorage, ChunkPlanner, DatasetSpec } from './dataset-spec.ts'
import type { HeaderMessage } from './object-header.ts'
import type { RowStore } from './row-store.ts'
import type { ValuesDigest } from './values-digest.ts'
import type { WriteContext } from './write-context.ts'
import type { WrittenChunk } from './written-file.ts'

/** Some rows of a dataset as another file stores them, in chunks of the same shape. */
export interface StoredBand {
  /** As many as a chunk has; fewer only at the end of the dataset. */
  readonly rowCount: number
  /** All of them, in the order of the grid. */
  readonly chunks: readonly StoredChunk[]
  /** How they are filtered there. */
  readonly filters: FilterPipeline
}

export interface ChunkedRowsParts {
  /** Path of the dataset. */
  readonly object: string
  readonly spec: DatasetSpec & { readonly storage: ChunkedStorage }
  readonly planner: ChunkPlanner | undefined
  /** Told all values; undefined: nobody asks for it. */
  readonly digest: ValuesDigest | undefined
}

/** Rows cut into chunks, filtered by the pool, indexed by a version 1 B-tree, unless there is but one. */
export class ChunkedRows implements RowStore {
  readonly #spec: DatasetSpec & { readonly storage: ChunkedStorage }
  readonly #context: WriteContext
  readonly #object: string
  readonly #planner: ChunkPlanner | undefined
  #task: FilterTask
  /** Raw bytes that were filtered since the planner was asked. */
  #bytesOfPlan = 0
  readonly #digest: ValuesDigest | undefined
  /** Each chunk is a piece of the digest, so the filter threads hash it. */
  readonly #isHashedInThreads: boolean
  readonly #chunks: WrittenChunk[] = []
  #grid: ChunkGrid
  #band: ChunkBand | undefined
  #bandsDone = 0
  #storedBytes = 0

  constructor(context: WriteContext, { object, spec, planner, digest }: ChunkedRowsParts) {
    this.#context = context
    this.#planner = planner
    this.#object = object
    this.#spec = spec
    this.#digest = digest
    const { filters, encoder } = spec.storage
    this.#task = { pipeline: filters, elementBytes: spec.datatype.size, encoder }
    this.#grid = makeGrid(spec.shape ?? [], spec.storage.chunkShape, spec.datatype.size)
    this.#isHashedInThreads = this.#holdsWholeRows && this.#grid.chunkBytes === digest?.pieceBytes
  }

  get filters(): FilterPipeline {
    return this.#task.pipeline
  }

  get grid(): ChunkGrid {
    return this.#grid
  }

  get storedBytes(): number {
    return this.#storedBytes
  }

  get chunks(): readonly WrittenChunk[] {
    return this.#chunks.sort((a, b) => a.gridIndex - b.gridIndex)
  }

  async append(rows: Uint8Array): Promise<void> {
    for (let done = 0; done < rows.byteLength;) {
      this.#band ??= new ChunkBand(this.grid, this.#spec.fillValue)
      const start = (this.#bandsDone * this.grid.bandRows + this.#band.rowCount) * this.grid.rowBytes
      const byteCount = this.#band.add(rows.subarray(done))
      if (!this.#isHashedInThreads) this.#digest?.add(start, rows.subarray(done, done + byteCount))
      done += byteCount
      if (this.#band.isFull) await this.flush()
    }
  }

  /** Spec: the last chunk is stored whole; what no row covers is fill value. */
  async flush(): Promise<void> {
    const band = this.#band
    if (!band) return
    this.#band = undefined
    const chunks = this.#isLonelyAndShort(band) ? this.#shrinkTo(band) : band.finish()
    await this.#planFor(chunks)
    const first = this.#bandsDone * this.grid.chunksPerBand
    this.#bandsDone += 1
    const wish = this.#isHashedInThreads ? { hashedBytes: band.rowCount * this.grid.rowBytes } : undefined
    for (const [inner, chunk] of chunks.entries()) {
      await this.#context.chunks.encode(chunk, this.#target(first + inner, wish))
    }
  }

  /** By the first chunk of all, then by the first behind every so many bytes. */
  async #planFor(chunks: readonly Uint8Array[]): Promise<void> {
    const [chunk] = chunks
    if (this.#planner === undefined || chunk === undefined) return
    if (this.#bandsDone === 0) {
      const { filters, encoder } = await this.#planner.plan(chunk)
      this.#task = { ...this.#task, pipeline: filters, encoder }
    } else if (this.#bytesOfPlan >= this.#planner.renewalBytes) {
      this.#task = { ...this.#task, encoder: await this.#planner.renew(chunk) }
      this.#bytesOfPlan = 0
    }
    this.#bytesOfPlan += chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** Are these all the rows that the dataset has and will be given, and fewer than a chunk was to have? */
  #isLonelyAndShort(band: ChunkBand): boolean {
    const { shape, storage } = this.#spec
    const isAll = this.#bandsDone === 0 && (shape?.[0] ?? 0) <= band.rowCount
    return storage.fitsRows === true && isAll && !band.isFull
  }

  #shrinkTo(band: ChunkBand): readonly Uint8Array<ArrayBuffer>[] {
    const { shape, storage, datatype } = this.#spec
    this.#grid = makeGrid(shape ?? [], [band.rowCount, ...storage.chunkShape.slice(1)], datatype.size)
    return band.cut()
  }

  /** What the store has to know of a chunk that is kept. */
  describeKept(gridIndex: number): Pick<KeptChunk, 'target' | 'rawBytes' | 'isHashed'> {
    const isHashed = this.#digest !== undefined
    return { target: this.#target(gridIndex), rawBytes: this.grid.chunkBytes, isHashed }
  }

  /** Stores the next band. */
  async recodeBand({ rowCount, chunks, filters }: StoredBand): Promise<void> {
    const first = this.#bandsDone * this.grid.chunksPerBand
    this.#bandsDone += 1
    const { chunkBytes: rawBytes } = this.grid
    for (const [inner, chunk] of chunks.entries()) {
      const target = this.#target(first + inner, this.#wishOf(rowCount))
      await this.#context.chunks.recode(chunk, filters, { target, rawBytes })
    }
  }

  describeLayout(): HeaderMessage {
    const { chunkShape, elementBytes } = this.grid
    const [chunk] = this.#chunks
    if (this.#spec.storage.isSingle && chunk) {
      const isFiltered = this.filters.length > 0
      return singleChunkLayoutMessage(chunkShape, { ...chunk, elementBytes, isFiltered })
    }
    return chunkedLayoutMessage(chunkShape, { address: this.#writeIndex(), elementBytes })
  }

  /** Spec: without chunks there is no index. */
  #writeIndex(): number | null {
    if (this.#chunks.length === 0) return null
    const { space } = this.#context
    const tree = encodeChunkTree(this.grid, this.chunks, space.end)
    space.append(tree.bytes)
    return tree.rootAddress
  }

  /** Is a chunk nothing but rows, one behind the other? */
  get #holdsWholeRows(): boolean {
    const { chunksPerBand, chunkBytes, bandRows, rowBytes } = this.#grid
    return chunksPerBand === 1 && chunkBytes === bandRows * rowBytes
  }

  /** What the digest needs of a chunk whose values never come by here. */
  #wishOf(rowCount: number): ProofWish | undefined {
    const byteCount = rowCount * this.grid.rowBytes
    if (this.#isHashedInThreads) return { hashedBytes: byteCount }
    return this.#digest && this.#holdsWholeRows ? { returnedBytes: byteCount } : undefined
  }

  #target(gridIndex: number, wish?: ProofWish): ChunkTarget {
    const onStored = (chunk: WrittenChunk, proof: ChunkProof | null): void => {
      this.#chunks.push(chunk)
      this.#storedBytes += chunk.storedBytes
      if (proof) this.#noteValues(gridIndex, proof, wish)
    }
    return { object: this.#object, gridIndex, task: this.#task, wish, onStored }
  }

  #noteValues(gridIndex: number, { sha256, values }: ChunkProof, wish: ProofWish | undefined): void {
    const byteCount = wish?.hashedBytes
    if (sha256 && byteCount) this.#digest?.notePiece(gridIndex, { sha256, byteCount })
    if (values) this.#digest?.add(gridIndex * this.grid.chunkBytes, values)
  }
}
