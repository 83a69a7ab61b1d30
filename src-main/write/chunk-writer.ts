import { Cancelled, InvalidInput, toWeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { ChunkQueue, type FeatureChunk } from './chunk-queue.ts'
import type { DatasetKeywords } from './default-filters.ts'
import { HDF5Writer } from './hdf5-writer.ts'
import { silentLogger, type Counter, type Logger } from './logger.ts'
import { requireArgument, requireObject } from './require-argument.ts'

export interface ChunkWriterOptions {
  readonly dsKwds?: DatasetKeywords | undefined
  /** For a path; see HDF5Writer. */
  readonly mode?: 'a' | 'w' | undefined
  readonly logger?: Logger | undefined
  /** For a path; left out: a pool of its own. */
  readonly pool?: FilterPool | undefined
  /** For a path; left out: the real disk. */
  readonly disk?: DiskPort | undefined
  /** Told after a piece was handed to the file. */
  readonly onStored?: ((chunk: FeatureChunk) => void) | undefined
}

/**
 * Takes pieces of features from the front of a queue and stores them, beside the work that makes them. dcnum: `ChunkWriter`.
 *
 * Differs: an error does not vanish. `run` rejects with it, and the queue fails with it, so that whoever fills it stops too.
 * Differs: woken by the queue instead of polling.
 */
export class ChunkWriter {
  /** Set once `run` has opened the output. */
  writer: HDF5Writer | undefined
  readonly dq: ChunkQueue
  readonly writeQueueSize: Counter
  mayStopLoop = false
  mustStopLoop = false
  readonly #pathOut: string | FileWriter
  readonly #options: ChunkWriterOptions
  readonly #logger: Logger
  #hasRun = false

  /** `writeQueueSize` is kept at the number of pieces not written yet. Throws InvalidInput (E_USAGE) for arguments of other kinds. */
  constructor(
    pathOut: string | FileWriter,
    dq: ChunkQueue,
    writeQueueSize: Counter,
    options: ChunkWriterOptions = {},
  ) {
    requireArgument(dq instanceof ChunkQueue, 'dq', { expected: 'a ChunkQueue', actual: dq })
    requireObject(writeQueueSize, 'writeQueueSize')
    requireObject(options, 'options')
    this.#pathOut = pathOut
    this.dq = dq
    this.writeQueueSize = writeQueueSize
    this.#options = options
    this.#logger = options.logger ?? silentLogger
  }

  /** Stops after the piece that is being stored; what waits in the queue is not written. */
  abortLoop(): void {
    this.mustStopLoop = true
    this.dq.arrivals.wake()
  }

  /** Stops once everything in the queue, and everything that waits for room in it, is stored. */
  finishedWhenQueueEmpty(): void {
    this.mayStopLoop = true
    this.dq.arrivals.wake()
  }

  /**
   * Works until told to stop, then closes the output. Rejects with the first error of disk, codec or data: then what
   * was stored before stays where it is and the queue takes nothing more. In all cases the queue is closed in the end: what came later
   * would never be written. Rejects with InvalidInput (E_USAGE) when it is called again.
   */
  async run(): Promise<void> {
    if (this.#hasRun)
      throw new InvalidInput('E_USAGE', 'run() of a chunk writer can be called only once; make another one')
    this.#hasRun = true
    const storeMs = await this.#work().catch((error: unknown) => this.#giveUp(error))
    this.#logger.info(`Disk time: ${(storeMs / 1000).toFixed(1)}s`)
  }

  /** Returns the milliseconds that storing took. */
  async #work(): Promise<number> {
    const { mode = 'a', dsKwds, pool, disk } = this.#options
    this.writer = await HDF5Writer.open(this.#pathOut, { mode, dsKwds, pool, disk })
    const storeMs = await this.#storeUntilStopped(this.writer)
    if (this.mustStopLoop) this.dq.fail(new Cancelled())
    else if (this.dq.failure) throw this.dq.failure.error
    else this.dq.close()
    await this.writer.close()
    return storeMs
  }

  /** Lets the error out, after telling it to the producers and closing what can be closed. */
  async #giveUp(error: unknown): Promise<never> {
    this.dq.fail(error)
    this.#logger.error(`Writing stopped: ${describe(error)}`)
    await this.writer?.close().catch((closing: unknown) => {
      if (closing !== error) this.#logger.error(`The output could not be closed either: ${describe(closing)}`)
    })
    throw error
  }

  async #storeUntilStopped(writer: HDF5Writer): Promise<number> {
    let storeMs = 0
    while (!this.mustStopLoop) {
      this.writeQueueSize.value = this.dq.length
      const chunk = this.dq.shift()
      if (chunk) {
        const startMs = performance.now()
        if ('run' in chunk) await writer.h5.keepRun(chunk.run)
        else if ('band' in chunk) await writer.storeFeatureBand(chunk.feature, chunk.band)
        else await writer.storeFeatureChunk(chunk.feature, chunk.data)
        storeMs += performance.now() - startMs
        this.#options.onStored?.(chunk)
      } else if (this.mayStopLoop || this.dq.isEnded) {
        break
      } else {
        await this.dq.arrivals.wait()
      }
    }
    return storeMs
  }
}

function describe(error: unknown): string {
  return toWeirError(error).message
}
