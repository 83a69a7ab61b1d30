import { InvalidInput } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { ChunkQueue, type FeatureChunk } from './chunk-queue.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { setDefaultFilterKwargs, type DatasetKeywords } from './default-filters.ts'
import { EventQueue, type FrameEntry } from './event-queue.ts'
import type { EventStash } from './event-stash.ts'
import { FeatNevents } from './feat-nevents.ts'
import { FrameCollector, FramesMissing } from './frame-collector.ts'

import { silentLogger, type Counter, type Logger } from './logger.ts'
import { fromTypedArray } from './nd-array.ts'
import { requireArgument, requireObject } from './require-argument.ts'

export interface QueueWriterArguments {
  /** Frames with their events, in any order; every frame exactly once. */
  readonly eventQueue: EventQueue
  /** Kept at the number of pieces that wait to be written. */
  readonly writeQueueSize: Counter
  /** Number of events of each frame, filled in by the producers. */
  readonly featNevents: FeatNevents
  /** A path (a file there is replaced), or an open file that stays open. */
  readonly pathOut: string | FileWriter
  /** How datasets are stored; see `setDefaultFilterKwargs`. */
  readonly hdf5DatasetKwargs?: DatasetKeywords | undefined
  /** Frames that are sorted and written together; default 500. */
  readonly writeThreshold?: number | undefined
  /** Index of the first frame, in the event queue and in `index_unmapped`; default 0. */
  readonly frameOffset?: number | undefined
  /** False: no `index_unmapped`, for a pipeline that has no use for it (dcnum's deletes it then); default true. */
  readonly indexUnmapped?: boolean | undefined
  /** Where the event queue was closed before all frames came: warn instead of rejecting. A failed queue always rejects. */
  readonly acceptMissingFrames?: boolean | undefined
  readonly logger?: Logger | undefined
  /** For a path; left out: a pool of its own. */
  readonly pool?: FilterPool | undefined
  /** For a path; left out: the real disk. */
  readonly disk?: DiskPort | undefined
}

/** The queues inside, for tests and for watching. dcnum: `buffer_dq`, `writer_dq`. */
export interface QueueWriterRun {
  /** Frames that arrived already. */
  readonly bufferDq?: readonly FrameEntry[] | undefined
  /** Left out: 256 MiB. */
  readonly writerDq?: ChunkQueue | undefined
}

const DEFAULT_WRITE_THRESHOLD = 500

/**
 * Writes events from a queue to a file, sorted by frame whatever the order of arrival, and adds `index_unmapped` (uint32, frame of
 * each event) and `nevents` (int64, number of events in that frame). dcnum: `QueueWriterBase`.
 */
export abstract class QueueWriterBase {
  readonly eventQueue: EventQueue
  readonly writeQueueSize: Counter
  readonly featNevents: FeatNevents
  readonly pathOut: string | FileWriter
  readonly hdf5DatasetKwargs: DatasetKeywords | undefined
  readonly writeThreshold: number
  readonly frameOffset: number
  /** Events handed to the file. Differs: dcnum counts when they enter the queue, before anything is written. */
  readonly writtenEvents: Counter = { value: 0 }
  /** Frames handed to the file. */
  readonly writtenFrames: Counter = { value: 0 }
  protected readonly options: QueueWriterArguments
  protected readonly logger: Logger
  /** Slices in the writer's queue, oldest first. */
  #hasRun = false
  readonly #sent: { readonly events: number; readonly frames: number }[] = []

  /** Throws InvalidInput (E_USAGE) that names the argument that is missing or of another kind. */
  constructor(options: QueueWriterArguments) {
    requireQueueArguments(options)
    this.eventQueue = options.eventQueue
    this.writeQueueSize = options.writeQueueSize
    this.featNevents = options.featNevents
    this.pathOut = options.pathOut
    this.hdf5DatasetKwargs = options.hdf5DatasetKwargs
    this.writeThreshold = options.writeThreshold ?? DEFAULT_WRITE_THRESHOLD
    this.frameOffset = options.frameOffset ?? 0
    this.options = options
    this.logger = options.logger ?? silentLogger
    if (!Number.isSafeInteger(this.writeThreshold) || this.writeThreshold < 1) {
      const message = `a write threshold is 1 frame or more, not ${this.writeThreshold}`
      throw new InvalidInput('E_USAGE', message, { actual: this.writeThreshold })
    }
  }

  /**
   * Works until every frame is in the output, then completes it (one given by path).
   *
   * Rejects with the writer's error (disk, codec); with InvalidInput E_FRAME for a frame that does not fit; with E_FRAMES, naming
   * the missing frames, or with `Cancelled` if that failed the event queue, when the queue ended too early: then all that arrived is in the output. In all cases
   * producers that wait for room in the event queue are released with the error. Rejects with E_USAGE when it is called again.
   */
  async run(run: QueueWriterRun = {}): Promise<void> {
    this.claimRun()
    const dq = run.writerDq ?? new ChunkQueue()
    const chunkWriter = this.#makeChunkWriter(dq)
    const writing = chunkWriter.run()
    writing.catch((error: unknown) => this.eventQueue.fail(error))
    const trouble = await this.#sendAll(dq, run.bufferDq ?? [])
    chunkWriter.finishedWhenQueueEmpty()
    await writing
    if (trouble) throw trouble.error
    this.eventQueue.close()
    this.logger.info(`Counted ${this.writtenEvents.value} events in ${this.writtenFrames.value} frames`)
  }

  /** Throws InvalidInput (E_USAGE) the second time, before anything is touched: the first run may have finished the output. */
  protected claimRun(): void {
    if (this.#hasRun)
      throw new InvalidInput('E_USAGE', 'run() of a queue writer can be called only once; make another one')
    this.#hasRun = true
  }

  /** Sends every slice to the writer; gives back what stopped it, if anything did. */
  async #sendAll(
    dq: ChunkQueue,
    buffer: readonly FrameEntry[],
  ): Promise<{ readonly error: unknown } | undefined> {
    const { writeThreshold, frameOffset } = this
    const collector = new FrameCollector(this.eventQueue, this.featNevents, {
      writeThreshold,
      frameOffset,
      buffer,
      onHeldBack: (message) => this.logger.warning(message),
    })
    try {
      for (let stash = await collector.nextStash(); stash; stash = await collector.nextStash())
        await this.#send(stash, dq)
      return undefined
    } catch (error) {
      return await this.#stopEarly(error, collector, dq)
    }
  }
  /** After the last stash, too early: saves what arrived if nothing was wrong with it. */
  async #stopEarly(
    error: unknown,
    collector: FrameCollector,
    dq: ChunkQueue,
  ): Promise<{ readonly error: unknown } | undefined> {
    const hasEnded = error instanceof FramesMissing || error === this.eventQueue.failure?.error
    this.eventQueue.fail(error)
    try {
      if (hasEnded && !dq.failure)
        for (const { stash, frames } of collector.salvage()) await this.#send(stash, dq, frames)
    } catch (salvaging) {
      return { error: salvaging }
    }
    if (!this.options.acceptMissingFrames || !(error instanceof FramesMissing) || error.cause !== undefined)
      return { error }
    this.logger.warning(error.message)
    return undefined
  }

  /** dcnum: the part of `QueueWriterBase.run` behind the stash. */
  async #send(stash: EventStash, dq: ChunkQueue, frames: number = stash.numFrames): Promise<void> {
    for (const [feat, array] of stash.events) await dq.give(feat, array)
    this.#sent.push({ events: stash.size, frames })
    if (this.options.indexUnmapped ?? true)
      await dq.give('index_unmapped', fromTypedArray(stash.indicesForData))
    await dq.give('nevents', fromTypedArray(stash.neventsForData()))
  }

  #makeChunkWriter(dq: ChunkQueue): ChunkWriter {
    const { pool, disk } = this.options
    return new ChunkWriter(this.pathOut, dq, this.writeQueueSize, {
      mode: 'w',
      dsKwds: this.hdf5DatasetKwargs,
      logger: this.logger,
      pool,
      disk,
      onStored: (chunk) => this.#count(chunk),
    })
  }

  /** `nevents` is the last piece of a slice: once it is stored, the slice is. */
  #count(chunk: FeatureChunk): void {
    if (chunk.feature !== 'nevents') return
    const slice = this.#sent.shift()
    this.writtenEvents.value += slice?.events ?? 0
    this.writtenFrames.value += slice?.frames ?? 0
  }
}

function requireQueueArguments(options: QueueWriterArguments): void {
  requireObject(options, 'options')
  const { eventQueue, featNevents, writeQueueSize, hdf5DatasetKwargs, frameOffset = 0 } = options
  requireArgument(eventQueue instanceof EventQueue, 'eventQueue', {
    expected: 'an EventQueue',
    actual: eventQueue,
  })
  requireArgument(featNevents instanceof FeatNevents, 'featNevents', {
    expected: 'a FeatNevents',
    actual: featNevents,
  })
  requireObject(writeQueueSize, 'writeQueueSize')
  const isIndex = Number.isSafeInteger(frameOffset) && frameOffset >= 0
  requireArgument(isIndex, 'frameOffset', { expected: 'the index of the first frame', actual: frameOffset })
  setDefaultFilterKwargs(hdf5DatasetKwargs)
}
