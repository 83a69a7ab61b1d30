import type { WritableFile } from '../disk/disk-port.ts'
import type { FilterPool, FilterTask } from '../filters/filter-pool.ts'
import { ByteBudget } from './byte-budget.ts'
import type { FileSpace } from './file-space.ts'
import type { FirstFailure } from './first-failure.ts'
import type { WrittenChunk } from './written-file.ts'

/** Whose chunk it is and who wants to know where it lies. */
export interface ChunkTarget {
  /** Path of the dataset. */
  readonly object: string
  readonly gridIndex: number
  readonly task: FilterTask
  onStored(chunk: WrittenChunk): void
}

/** A chunk that already is as it will lie in the file. */
export interface StoredChunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly filterMask: number
  readonly rawBytes: number
}

interface Parts {
  readonly file: WritableFile
  readonly pool: FilterPool
  readonly space: FileSpace
  readonly failure: FirstFailure
  readonly inFlightBytes: number
}

/**
 * Sends chunks of all datasets of a file through the filter threads and to the end of the file, in the order in which they get done.
 *
 * Bytes in flight are bounded over all datasets; a failure is kept in `failure` and ends all waiting.
 */
export class ChunkStore {
  readonly #parts: Parts
  readonly #budget: ByteBudget
  readonly #running = new Set<Promise<void>>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#budget = new ByteBudget(parts.inFlightBytes)
    parts.failure.onFailure((error) => this.#budget.fail(error))
  }

  /** Raw bytes that were accepted and are not yet in the file. */
  get bytesInFlight(): number {
    return this.#budget.taken
  }

  /** Filters and stores a chunk. Takes its buffer. Resolves when it was accepted. Throws the first failure of the file. */
  async encode(raw: Uint8Array<ArrayBuffer>, target: ChunkTarget): Promise<void> {
    const rawBytes = raw.byteLength
    await this.#start(rawBytes, target, async () => {
      const { bytes, sha256 } = await this.#parts.pool.encode(raw, target.task)
      await this.#write(bytes, { target, sha256, filterMask: 0, rawBytes })
    })
  }

  /** Stores a chunk as it is; it is decoded once to know what is in it, so a damaged one fails. Takes its buffer. */
  async keep(stored: StoredChunk, target: ChunkTarget): Promise<void> {
    const { bytes, filterMask, rawBytes } = stored
    await this.#start(rawBytes + bytes.byteLength, target, async () => {
      // A copy, because the pool takes what it is given.
      const sha256 = await this.#parts.pool.digest(bytes.slice(), { ...target.task, filterMask, rawBytes })
      await this.#write(bytes, { target, sha256, filterMask, rawBytes })
    })
  }

  /** Waits until all accepted chunks are in the file. Throws the first failure. */
  async drain(): Promise<void> {
    await this.rest()
    this.#parts.failure.check()
  }

  /** Waits until nothing is on its way any more; never throws. */
  async rest(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async #start(byteCount: number, target: ChunkTarget, work: () => Promise<void>): Promise<void> {
    this.#parts.failure.check()
    await this.#budget.take(byteCount)
    const running: Promise<void> = work()
      .catch((thrown: unknown) => {
        this.#parts.failure.record(thrown, { path: this.#parts.file.path, object: target.object })
      })
      .finally(() => {
        this.#running.delete(running)
        this.#budget.give(byteCount)
      })
    this.#running.add(running)
  }

  async #write(bytes: Uint8Array<ArrayBuffer>, chunk: ChunkInHand): Promise<void> {
    const { target, sha256, filterMask, rawBytes } = chunk
    // Nothing more is written after a failure.
    this.#parts.failure.check()
    const address = this.#parts.space.reserve(bytes.byteLength)
    await this.#parts.file.write(bytes, address)
    const storedBytes = bytes.byteLength
    target.onStored({ gridIndex: target.gridIndex, address, storedBytes, filterMask, sha256, rawBytes })
  }
}

interface ChunkInHand {
  readonly target: ChunkTarget
  readonly sha256: Uint8Array
  readonly filterMask: number
  readonly rawBytes: number
}
