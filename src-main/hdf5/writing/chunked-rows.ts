import type { FilterTask } from '../filters/filter-pool.ts'
import type { FilterPipeline } from '../model.ts'
import { ChunkBand } from './chunk-band.ts'
import { makeGrid, type ChunkGrid } from './chunk-grid.ts'
import { encodeChunkTree } from './chunk-tree.ts'
import type { ChunkTarget, KeptChunk, StoredChunk } from './chunk-store.ts'
import { chunkedLayoutMessage, singleChunkLayoutMessage } from './dataset-messages.ts'
import type { ChunkedStorage, DatasetSpec } from './dataset-spec.ts'
import type { HeaderMessage } from './object-header.ts'
import type { RowStore } from './row-store.ts'
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

/** Rows cut into chunks, filtered by the pool, indexed by a version 1 B-tree, unless there is but one. */
export class ChunkedRows implements RowStore {
  readonly #spec: DatasetSpec & { readonly storage: ChunkedStorage }
  readonly #context: WriteContext
  readonly #object: string
  readonly #task: FilterTask
  readonly #chunks: WrittenChunk[] = []
  #grid: ChunkGrid
  #band: ChunkBand | undefined
  #bandsDone = 0
  #storedBytes = 0

  constructor(
    context: WriteContext,
    object: string,
    spec: DatasetSpec & { readonly storage: ChunkedStorage },
  ) {
    this.#context = context
    this.#object = object
    this.#spec = spec
    this.#task = { pipeline: spec.storage.filters, elementBytes: spec.datatype.size }
    this.#grid = makeGrid(spec.shape ?? [], spec.storage.chunkShape, spec.datatype.size)
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
      done += this.#band.add(rows.subarray(done))
      if (this.#band.isFull) await this.flush()
    }
  }

  /** Spec: the last chunk is stored whole; what no row covers is fill value. */
  async flush(): Promise<void> {
    const band = this.#band
    if (!band) return
    this.#band = undefined
    const chunks = this.#isLonelyAndShort(band) ? this.#shrinkTo(band) : band.finish()
    const first = this.#bandsDone * this.grid.chunksPerBand
    this.#bandsDone += 1
    for (const [inner, chunk] of chunks.entries()) {
      await this.#context.chunks.encode(chunk, this.#target(first + inner))
    }
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
  describeKept(gridIndex: number): Pick<KeptChunk, 'target' | 'rawBytes'> {
    return { target: this.#target(gridIndex), rawBytes: this.grid.chunkBytes }
  }

  /** Stores the next band. */
  async recodeBand({ chunks, filters }: StoredBand): Promise<void> {
    const first = this.#bandsDone * this.grid.chunksPerBand
    this.#bandsDone += 1
    const { chunkBytes: rawBytes } = this.grid
    for (const [inner, chunk] of chunks.entries()) {
      await this.#context.chunks.recode(chunk, filters, { target: this.#target(first + inner), rawBytes })
    }
  }

  describeLayout(): HeaderMessage {
    const { chunkShape, elementBytes } = this.grid
    const [chunk] = this.#chunks
    if (this.#spec.storage.isSingle && chunk) {
      const isFiltered = this.#spec.storage.filters.length > 0
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

  #target(gridIndex: number): ChunkTarget {
    const onStored = (chunk: WrittenChunk): void => this.#note(chunk)
    return { object: this.#object, gridIndex, task: this.#task, onStored }
  }

  #note(chunk: WrittenChunk): void {
    this.#chunks.push(chunk)
    this.#storedBytes += chunk.storedBytes
  }
}
