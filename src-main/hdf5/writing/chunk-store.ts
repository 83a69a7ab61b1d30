import { Hdf5Error } from '../../errors.ts'
import type { WritableFile } from '../disk/disk-port.ts'
import { chunkBuffers } from '../filters/chunk-buffers.ts'
import { DIGEST_BYTES } from '../filters/digest-bytes.ts'
import type { FilterPool, FilterTask } from '../filters/filter-pool.ts'
import type { FilterPipeline } from '../model.ts'
import { ByteBudget } from './byte-budget.ts'
import type { FileSpace } from './file-space.ts'
import type { FirstFailure } from './first-failure.ts'
import type { WrittenChunk } from './written-file.ts'

/** Bytes of chunks that the system may hold back before they are sent on to the disk. */
const SYNC_BYTES = 64 * 2 ** 20

/** Whose chunk it is and who wants to know where it lies. */
export interface ChunkTarget {
  /** Path of the dataset. */
  readonly object: string
  readonly gridIndex: number
  readonly task: FilterTask
  onStored(chunk: WrittenChunk): void
}

/** A chunk as it lies in a file. */
export interface StoredChunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly filterMask: number
  /** HDF5's filters would not read from it what it means, so it is decoded and encoded anew by the same pipeline. */
  readonly isOdd?: boolean | undefined
  /** Makes an error of the codec one that names where the chunk comes from. */
  explain?(error: unknown): unknown
}

/** Chunks as they lie one behind the other in a file; at least one. */
export interface KeptRun {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly chunks: readonly [KeptChunk, ...KeptChunk[]]
}

export interface KeptChunk extends Omit<StoredChunk, 'bytes'> {
  readonly target: ChunkTarget
  /** In the run. */
  readonly offset: number
  readonly storedBytes: number
  readonly rawBytes: number
}

interface Parts {
  readonly file: WritableFile
  readonly pool: FilterPool
  readonly space: FileSpace
  readonly failure: FirstFailure
  readonly inFlightBytes: number
  /** Whether each chunk gets its SHA-256. */
  readonly digests: boolean
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
  #unsyncedBytes = 0
  #isSyncing = false

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
      const { bytes, sha256 } = await this.#parts.pool.encode(raw, this.#task(target))
      await this.#write(bytes, { target, sha256, digestOf: 'values', filterMask: 0, rawBytes })
    })
  }

  /** Stores chunks as they are, one behind the other, after a look at their checksums; odd ones by themselves. Takes the buffer. */
  async keep(run: KeptRun): Promise<void> {
    for (const { bytes, target, rawBytes, ...stored } of takeOdd(run)) {
      await this.recode({ ...stored, bytes }, target.task.pipeline, { target, rawBytes })
    }
    const rest = leaveOutOdd(run)
    if (rest) await this.#keepAll(rest)
    else chunkBuffers.give(run.bytes)
  }

  async #keepAll(run: KeptRun): Promise<void> {
    await this.#start(run.bytes.byteLength, run.chunks[0].target, async () => {
      const chunks = run.chunks.map(({ target: { task }, offset, storedBytes, filterMask, rawBytes }) => {
        const { pipeline, elementBytes } = task
        return { offset, storedBytes, filterMask, pipeline, content: { elementBytes, rawBytes } }
      })
      const task = { chunks, skipsDigest: !this.#parts.digests }
      const { bytes, sha256 } = await this.#parts.pool.check(run.bytes, task).catch(explainRun(run))
      const start = await this.#append(bytes)
      for (const [index, { target, offset, storedBytes, filterMask, rawBytes }] of run.chunks.entries()) {
        const digest = sha256?.subarray(DIGEST_BYTES * index, DIGEST_BYTES * (index + 1)) ?? null
        const place = { gridIndex: target.gridIndex, address: start + offset, storedBytes, filterMask }
        target.onStored({ ...place, sha256: digest, digestOf: 'stored', rawBytes })
      }
    })
  }

  /** Stores a chunk that was filtered by another pipeline. Takes its buffer. */
  async recode(stored: StoredChunk, from: FilterPipeline, { target, rawBytes }: Recoding): Promise<void> {
    const { filterMask } = stored
    // In the thread the chunk is there in both forms.
    await this.#start(Math.max(rawBytes, stored.bytes.byteLength), target, async () => {
      const { elementBytes } = target.task
      const task = { from: { pipeline: from, elementBytes, filterMask, rawBytes }, to: this.#task(target) }
      const { bytes, sha256 } = await this.#parts.pool.recode(stored.bytes, task).catch(explainBy(stored))
      await this.#write(bytes, { target, sha256, digestOf: 'values', filterMask: 0, rawBytes })
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

  /** Has the disk begin early with what it would have to take at the end anyway, while the threads work. */
  #syncBehind(byteCount: number): void {
    this.#unsyncedBytes += byteCount
    if (this.#isSyncing || this.#unsyncedBytes < SYNC_BYTES) return
    this.#unsyncedBytes = 0
    this.#isSyncing = true
    const syncing: Promise<void> = this.#parts.file
      .sync()
      .catch((thrown: unknown) => {
        this.#parts.failure.record(thrown, { path: this.#parts.file.path })
      })
      .finally(() => {
        this.#isSyncing = false
        this.#running.delete(syncing)
      })
    this.#running.add(syncing)
  }

  #task(target: ChunkTarget): FilterTask {
    return this.#parts.digests ? target.task : { ...target.task, skipsDigest: true }
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
    const { target, ...record } = chunk
    const storedBytes = bytes.byteLength
    const address = await this.#append(bytes)
    target.onStored({ gridIndex: target.gridIndex, address, storedBytes, ...record })
  }

  /** Writes bytes at the end of the file and gives the buffer back; tells their address. */
  async #append(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    // Nothing more is written after a failure.
    this.#parts.failure.check()
    const { byteLength } = bytes
    const address = this.#parts.space.reserve(byteLength)
    await this.#parts.file.write(bytes, address)
    chunkBuffers.give(bytes)
    this.#syncBehind(byteLength)
    return address
  }
}

interface Recoding {
  readonly target: ChunkTarget
  readonly rawBytes: number
}

interface ChunkInHand extends Pick<WrittenChunk, 'sha256' | 'digestOf' | 'filterMask' | 'rawBytes'> {
  readonly target: ChunkTarget
}

/** The odd chunks of a run, each with bytes of its own. */
function takeOdd(run: KeptRun): (KeptChunk & { readonly bytes: Uint8Array<ArrayBuffer> })[] {
  return run.chunks
    .filter(({ isOdd }) => isOdd)
    .map((chunk) => ({ ...chunk, bytes: run.bytes.slice(chunk.offset, chunk.offset + chunk.storedBytes) }))
}

/** The run without its odd chunks, in the same buffer; undefined if there are no others. */
function leaveOutOdd(run: KeptRun): KeptRun | undefined {
  const kept = run.chunks.filter(({ isOdd }) => !isOdd)
  if (kept.length === run.chunks.length) return run
  let end = 0
  const [first, ...others] = kept.map((chunk) => {
    const offset = end
    run.bytes.copyWithin(offset, chunk.offset, chunk.offset + chunk.storedBytes)
    end += chunk.storedBytes
    return { ...chunk, offset }
  })
  return first && { bytes: run.bytes.subarray(0, end), chunks: [first, ...others] }
}

function explainBy(stored: StoredChunk): (error: unknown) => never {
  return (error) => {
    throw stored.explain?.(error) ?? error
  }
}

/** The chunk is found by its offset. */
function explainRun(run: KeptRun): (error: unknown) => never {
  return (error) => {
    const chunk = error instanceof Hdf5Error && run.chunks.find(({ offset }) => offset === error.offset)
    throw (chunk ? chunk.explain?.(error) : undefined) ?? error
  }
}
