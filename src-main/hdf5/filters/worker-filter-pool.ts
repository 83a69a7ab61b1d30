import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { Internal, ProcessGone, type WeirError } from '../../errors.ts'
import { unpackError } from '../thread-errors.ts'
import { locateWorker } from '../worker-location.ts'
import type {
  CheckedRun,
  CheckTask,
  CompareTask,
  DecodeTask,
  EncodedChunk,
  FilterPool,
  FilterTask,
  MeasureTask,
  RecodeTask,
} from './filter-pool.ts'
import { chunkBuffers } from './chunk-buffers.ts'
import type { FilterAnswer, FilterRequest, FilterResult } from './filter-worker.ts'

/** Chunks live outside the heap; this is for the code of a thread and what piscina keeps. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const

/**
 * Has a thread load its code with `import()`. By `require()`, which piscina tries first, Node 20 aborts the whole process if the thread is
 * ended in the meantime.
 */
const LOADING_BY_IMPORT = '--no-experimental-require-module'

/**
 * Starts a pool of filter threads, by default as many as the processor runs at once.
 *
 * One thread that ends by itself ends the pool: every chunk handed in and every later one rejects with ProcessGone
 * E_GONE, so that a job fails instead of going on without a chunk.
 */
export function createFilterPool(options: { readonly threads?: number } = {}): FilterPool {
  return new FilterThreads(options.threads ?? availableParallelism())
}

/** The pool with its threads in view, so that a test can end one. */
export class FilterThreads implements FilterPool {
  readonly #piscina: Piscina<FilterRequest, FilterAnswer>
  #pending = 0
  #ended: WeirError | undefined

  constructor(readonly threads: number) {
    const worker = locateWorker('filters/filter-worker.ts')
    this.#piscina = new Piscina<FilterRequest, FilterAnswer>({
      filename: worker.url.href,
      execArgv: [...worker.execArgv, LOADING_BY_IMPORT],
      minThreads: threads,
      maxThreads: threads,
      env: {},
      resourceLimits: THREAD_LIMITS,
      // In `Atomics.wait` a thread would never come to free what native codecs hold, nor wake up to be ended.
      atomics: 'disabled',
      recordTiming: false,
    })
    this.#piscina.on('error', (thrown: Error) => this.#end(gone(thrown)))
    // A moment later, so that a chunk that was in the thread can tell the reason first.
    this.#piscina.on('workerDestroy', () => setImmediate(() => this.#end(gone('it is gone'))))
  }

  get workers(): readonly Worker[] {
    return this.#piscina.threads
  }

  get pending(): number {
    return this.#pending
  }

  async encode(raw: Uint8Array<ArrayBuffer>, task: FilterTask): Promise<EncodedChunk> {
    const { bytes, proofs } = await this.#run({ kind: 'encode', ...handOver(raw), task })
    return { bytes: requirePart(bytes), proof: proofs?.[0] ?? null }
  }

  async recode(encoded: Uint8Array<ArrayBuffer>, task: RecodeTask): Promise<EncodedChunk> {
    const { bytes, proofs } = await this.#run({ kind: 'recode', ...handOver(encoded), task })
    return { bytes: requirePart(bytes), proof: proofs?.[0] ?? null }
  }

  async check(run: Uint8Array<ArrayBuffer>, task: CheckTask): Promise<CheckedRun> {
    const { bytes, proofs } = await this.#run({ kind: 'check', ...handOver(run), task })
    return { bytes: requirePart(bytes), proofs: requirePart(proofs) }
  }

  async decode(encoded: Uint8Array<ArrayBuffer>, task: DecodeTask): Promise<Uint8Array<ArrayBuffer>> {
    return requirePart((await this.#run({ kind: 'decode', ...handOver(encoded), task })).bytes)
  }

  async measure(raw: Uint8Array<ArrayBuffer>, task: MeasureTask): Promise<readonly number[]> {
    const { bytes, sizes } = await this.#run({ kind: 'measure', ...handOver(raw), task })
    if (bytes) chunkBuffers.give(bytes)
    return requirePart(sizes)
  }

  async compare(pieces: Uint8Array<ArrayBuffer>, task: CompareTask): Promise<number | undefined> {
    const { bytes, changed } = await this.#run({ kind: 'compare', ...handOver(pieces), task })
    if (bytes) chunkBuffers.give(bytes)
    return changed
  }

  async close(): Promise<void> {
    this.#ended ??= new ProcessGone('E_GONE', 'the filter threads were ended before this chunk was done')
    await this.#piscina.destroy()
  }

  async #run(request: FilterRequest): Promise<FilterResult> {
    if (this.#ended) throw this.#ended
    this.#pending += 1
    try {
      const answer = await this.#ask(request)
      if (!('result' in answer)) throw unpackError(answer)
      if (request.isLent && answer.result.bytes) chunkBuffers.follow(answer.result.bytes)
      return answer.result
    } finally {
      this.#pending -= 1
    }
  }

  /** A thread answers errors as data; what piscina itself rejects with is always the end of a thread. */
  async #ask(request: FilterRequest): Promise<FilterAnswer> {
    try {
      return await this.#piscina.run(request, { transferList: [request.bytes.buffer] })
    } catch (thrown) {
      throw this.#end(gone(thrown))
    }
  }

  /** Ends all threads, once, and so every chunk that waits. */
  #end(reason: WeirError): WeirError {
    if (!this.#ended) {
      this.#ended = reason
      void this.#piscina.destroy()
    }
    return this.#ended
  }
}

/** Transferring a part of a buffer would take the rest of it from its owner; a lent one has no other. */
function handOver(bytes: Uint8Array<ArrayBuffer>): Pick<FilterRequest, 'bytes' | 'isLent'> {
  const isLent = chunkBuffers.isLent(bytes)
  const isWhole = isLent || bytes.byteLength === bytes.buffer.byteLength
  return { bytes: isWhole ? bytes : new Uint8Array(bytes), isLent }
}

function requirePart<Part>(part: Part | undefined): Part {
  if (part !== undefined) return part
  throw new Internal('a filter thread answered without the part that was asked for')
}

function gone(thrown: unknown): ProcessGone {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new ProcessGone('E_GONE', `a filter thread ended unexpectedly (${reason}); start the job again`, {
    cause: thrown,
  })
}
