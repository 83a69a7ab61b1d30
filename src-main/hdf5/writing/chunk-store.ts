import { Hdf5Error } from '../../errors.ts'
import type { WritableFile } from '../disk/disk-port.ts'
import { chunkBuffers } from '../filters/chunk-buffers.ts'
import type { ChunkProof, EncodedChunk, FilterPool, FilterTask, ProofWish } from '../filters/filter-pool.ts'
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
  /** What is to be told of its values where chunks are proven. */
  readonly wish?: ProofWish | undefined
  onStored(chunk: WrittenChunk, proof: ChunkProof | null): void
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
  /** The SHA-256 of its stored bytes is wanted where chunks are proven. */
  readonly isHashed: boolean
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
  /** Whether chunks are proven; see `WrittenChunk`. */
  readonly proofs: boolean
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
      const encoded = await this.#parts.pool.encode(raw, this.#task(target)).catch(explainBy(target))
      await this.#write(encoded, target, rawBytes)
    })
  }

  /** Stores chunks as they are, one behind the other, after a look at their checksums; odd ones by themselves. Takes the buffer. */
  async keep(run: KeptRun): Promise<void> {
    for (const { bytes, target, rawBytes, ...stored } of takeOdd(run)) {
      const { pipeline } = target.task
      await this.recode({ ...stored, bytes }, pipeline, { target: { ...target, wish: {} }, rawBytes })
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
      const isHashed = run.chunks.some((chunk) => chunk.isHashed)
      const task = { chunks, proof: this.#parts.proofs ? { isHashed } : undefined }
      const { bytes, proofs } = await this.#parts.pool.check(run.bytes, task).catch(explainRun(run))
      const start = await this.#append(bytes)
      for (const [index, { target, offset, storedBytes, filterMask, rawBytes }] of run.chunks.entries()) {
        const place = { gridIndex: target.gridIndex, address: start + offset, storedBytes, filterMask }
        const { checksum = null, sha256 = null } = proofs?.[index] ?? {}
        target.onStored({ ...place, checksum, sha256, isKept: true, rawBytes }, null)
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
      const recoding = this.#parts.pool.recode(stored.bytes, task).catch(explainBy(target, stored))
      await this.#write(await recoding, target, rawBytes)
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
    return this.#parts.proofs ? { ...target.task, proof: target.wish ?? {} } : target.task
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

  async #write({ bytes, proof }: EncodedChunk, target: ChunkTarget, rawBytes: number): Promise<void> {
    const storedBytes = bytes.byteLength
    const address = await this.#append(bytes)
    const place = { gridIndex: target.gridIndex, address, storedBytes, filterMask: 0 }
    const checksum = proof?.checksum ?? null
    target.onStored({ ...place, checksum, sha256: null, isKept: false, rawBytes }, proof)
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

/** What was encoded and is wrong is no fault of the chunk that it was made of. */
function explainBy({ gridIndex }: ChunkTarget, stored?: StoredChunk): (error: unknown) => never {
  return (error) => {
    const isOwn = error instanceof Hdf5Error && error.code === 'E_VERIFY'
    throw isOwn
      ? new Hdf5Error(error.code, `chunk ${gridIndex}: ${error.message}`)
      : (stored?.explain?.(error) ?? error)
  }
}

/** The chunk is found by its offset. */
function explainRun(run: KeptRun): (error: unknown) => never {
  return (error) => {
    const chunk = error instanceof Hdf5Error && run.chunks.find(({ offset }) => offset === error.offset)
    throw (chunk ? chunk.explain?.(error) : undefined) ?? error
  }
}
