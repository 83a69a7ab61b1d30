import type { WeirError } from '../../errors.ts'
import { createInPlace } from '../disk/create-in-place.ts'
import type { DiskPort, PathFacts, WritableFile } from '../disk/disk-port.ts'
import type { FilterPool } from '../filters/filter-pool.ts'
import { NOTE_OFFSET } from '../unfinished-note.ts'
import type { StoredChunk } from './chunk-store.ts'
import type { DatasetWriter } from './dataset-writer.ts'
import { findReachable } from './find-reachable.ts'
import { GroupWriter, splitPath, type NodeWriter } from './group-writer.ts'
import { DATA_START, encodeSuperblock, SUPERBLOCK_BYTES } from './superblock.ts'
import { WriteContext, type DataStore } from './write-context.ts'
import { writeTree } from './write-tree.ts'
import type { WrittenDataset, WrittenFile } from './written-file.ts'

export type { StoredChunk } from './chunk-store.ts'
export type { StoredBand } from './chunked-rows.ts'
export type { DatasetWriter } from './dataset-writer.ts'
export type { GroupWriter } from './group-writer.ts'
export type { WrittenDataset, WrittenFile } from './written-file.ts'

const DEFAULT_IN_FLIGHT_BYTES = 32 * 2 ** 20

export interface FileWriterOptions {
  /** Not owned: it stays open. */
  readonly pool: FilterPool
  /** Raw bytes of chunks on their way, over all datasets. Default 32 MiB. */
  readonly inFlightBytes?: number | undefined
  /** Chunks are proven (see `WrittenChunk`), for an output that will be compared with what went in. Default false. */
  readonly proofs?: boolean | undefined
  /** The datasets that get a digest of their values, by path, in a file with proofs; left out: none. */
  readonly digestsValuesOf?: ((path: string) => boolean) | undefined
  /** At most 2 KiB for whoever finds the file unfinished; lies at NOTE_OFFSET until `finish` wipes it out. */
  readonly note?: Uint8Array | undefined
  /** A file at the path is replaced, once the new one is made. Default false: E_EXISTS. */
  readonly replace?: boolean | undefined
}

/** A piece of another file that consists of chunks, without anything between them. */
export interface StoredRun {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly chunks: readonly ChunkOfRun[]
}

export interface ChunkOfRun extends Omit<StoredChunk, 'bytes'> {
  /** Made for the whole shape, with the filters and the chunk shape of the other file. */
  readonly dataset: DatasetWriter
  readonly gridIndex: number
  /** In the run. */
  readonly offset: number
  readonly storedBytes: number
}

/**
 * Writes a new HDF5 file: chunks as they come, everything else at the end, the superblock last.
 *
 * Until `finish` has resolved the file has no superblock and nothing can open it. The first failure is final: every
 * later call rejects with it; `close` works all the same.
 */
export class FileWriter {
  readonly root: GroupWriter
  readonly #context: WriteContext
  #finishing: Promise<WrittenFile> | undefined
  #closing: Promise<void> | undefined

  private constructor(context: WriteContext) {
    this.#context = context
    this.root = new GroupWriter(context, '/')
  }

  /** Creates a file where there is nothing, or with `replace` in place of a file. Throws what the disk throws (E_EXISTS, E_PERM, ...). */
  static async create(disk: DiskPort, path: string, options: FileWriterOptions): Promise<FileWriter> {
    const file = options.replace ? await createInPlace(disk, path) : await disk.createExclusive(path)
    if (options.note) await writeNote(disk, file, options.note)
    const { inFlightBytes = DEFAULT_IN_FLIGHT_BYTES, proofs = false, digestsValuesOf = () => false } = options
    return new FileWriter(new WriteContext(file, options.pool, { inFlightBytes, proofs, digestsValuesOf }))
  }

  get path(): string {
    return this.#context.path
  }

  get pool(): FilterPool {
    return this.#context.pool
  }

  /** Why nothing can be written any more; undefined: it can. */
  get failure(): WeirError | undefined {
    return this.#context.failure.error
  }

  /** Facts about the open file, whatever its path leads to by now. */
  facts(): Promise<PathFacts> {
    return this.#context.file.facts()
  }

  /** First address behind everything that was given a place so far. */
  get end(): number {
    return this.#context.space.end
  }

  /** The object of a path; soft links are not followed. */
  find(path: string): NodeWriter | undefined {
    return splitPath(path).length === 0 ? this.root : this.root.child(path)
  }

  /**
   * Stores chunks of several datasets as they lie one behind the other in another file, in one write; see `DatasetWriter.keepChunk`.
   * Takes the buffer. Resolves when the run was accepted.
   */
  async keepRun({ bytes, chunks }: StoredRun): Promise<void> {
    const [first, ...others] = chunks.map(({ dataset, gridIndex, ...rest }) => {
      return { ...rest, ...dataset.acceptChunk(gridIndex) }
    })
    if (first) await this.#context.chunks.keep({ bytes, chunks: [first, ...others] })
  }

  /**
   * Stores what is still collected of all datasets and waits until it is in the file, so that their chunks are known. Rows may be
   * appended to none of them any more; datasets may still be added. Throws the first failure.
   */
  async settle(): Promise<void> {
    const { stores, chunks } = this.#context
    for (const store of stores) await store.flush()
    await chunks.drain()
  }

  /**
   * Completes the file: stores what is still collected, writes indexes and headers, syncs, writes the superblock, syncs again.
   * The file stays open until `close`; nothing can be changed any more. Throws the first failure.
   */
  finish(): Promise<WrittenFile> {
    this.#finishing ??= this.#finish()
    return this.#finishing
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Waits until nothing is on its way and closes the file, complete or not. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #finish(): Promise<WrittenFile> {
    const context = this.#context
    context.checkOpen(this.path)
    context.seal()
    try {
      return await this.#complete()
    } catch (thrown) {
      throw context.failure.record(thrown, { path: this.path })
    }
  }

  async #complete(): Promise<WrittenFile> {
    const { space, heap, file } = this.#context
    await this.settle()
    const rootAddress = await writeTree(this.#context, this.root)
    heap.flush()
    const datasets = this.#listDatasets()
    await this.#noteUnused(datasets)
    await space.writeAt(SUPERBLOCK_BYTES, new Uint8Array(DATA_START - SUPERBLOCK_BYTES))
    await space.settle()
    await file.sync()
    await space.writeAt(0, encodeSuperblock({ rootAddress, endOfFile: space.end }))
    await file.sync()
    return { bytes: space.end, blocks: space.blocks, datasets: [...datasets.values()] }
  }

  #listDatasets(): ReadonlyMap<DataStore, WrittenDataset> {
    const datasets = new Map<DataStore, WrittenDataset>()
    for (const [node, { path }] of findReachable(this.root)) {
      if (node.kind === 'group') continue
      const { rowCount, spec, chunks } = node
      datasets.set(node, { path, rowCount, spec, chunks })
    }
    return datasets
  }

  /** Chunks of removed datasets are bytes of the file like all others, so they are entered as blocks. */
  async #noteUnused(datasets: ReadonlyMap<DataStore, WrittenDataset>): Promise<void> {
    const removed = [...this.#context.stores].filter((store) => !datasets.has(store))
    for (const chunk of removed.flatMap((store) => store.chunks)) {
      const bytes = new Uint8Array(chunk.storedBytes)
      await this.#context.file.readExactly(bytes, chunk.address)
      this.#context.space.note(chunk.address, bytes)
    }
  }

  async #close(): Promise<void> {
    const { failure, chunks, space, file } = this.#context
    // A failed `finish` has told its caller; a file that is given up ends all waiting.
    if (this.#finishing) await this.#finishing.catch(() => undefined)
    else this.#giveUp()
    await chunks.rest()
    await space.rest()
    await file.close().catch((thrown: unknown) => {
      if (!failure.error) throw thrown
    })
  }

  #giveUp(): void {
    this.#context.seal()
    const text = `${this.path} was closed before it was complete`
    this.#context.failure.record(this.#context.refuse('E_CLOSED', text, {}), { path: this.path })
  }
}

/** A file that cannot even take its note is not left behind. */
async function writeNote(disk: DiskPort, file: WritableFile, note: Uint8Array): Promise<void> {
  try {
    await file.write(note, NOTE_OFFSET)
  } catch (error) {
    await file.close()
    await disk.remove(file.path)
    throw error
  }
}
