import { Cancelled, type Warning } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { shapeOf, type Attribute } from '../hdf5/model.ts'
import type { RecordingFigures } from '../jobs/job-report.ts'
import type { RecordJob } from '../jobs/job-schema.ts'
import { OF_LENGTHS, type FileWatch } from '../read/file-watch.ts'
import { ChunkQueue } from '../write/chunk-queue.ts'
import { EventQueue } from '../write/event-queue.ts'
import { FeatNevents } from '../write/feat-nevents.ts'
import { HDF5Writer } from '../write/hdf5-writer.ts'
import { QueueWriterThread } from '../write/queue-writer-thread.ts'
import { reportFilled } from '../write/report-filled.ts'
import { reportRecoded } from '../write/report-recoded.ts'
import { borrowPool } from './borrow-pool.ts'
import { BYTE_SHARES } from './byte-shares.ts'
import { compareContent } from './content-figures.ts'
import { deliverFrames } from './deliver-frames.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import { InputJudge } from './input-judge.ts'
import { InputReading } from './input-reading.ts'
import type { JobOutcome, RecordContext } from './job-context.ts'
import { JobWarnings } from './job-warnings.ts'
import { openSource, type OpenSource } from './open-source.ts'
import { observeDisk } from './observed-disk.ts'
import { ObservedPool } from './observed-pool.ts'
import { OutputFile } from './output-file.ts'
import type { OutputTarget } from './output-target.ts'
import { ProgressReporter } from './progress-reporter.ts'
import { writeRecordMetadata } from './record-metadata.ts'
import { takeFirstRows } from './row-selection.ts'
import type { ComparedFigures } from './verify-output.ts'

export interface RecordOrder {
  readonly job: RecordJob
  readonly target: OutputTarget
  /** Of the measurement that is replayed: does another program write it? Null: there is none. */
  readonly watch: FileWatch | null
  /** Set by the user, in place of the source's. */
  readonly extraAttributes: readonly Attribute[]
}

/**
 * Records a stream of frames through event queue, stash and chunk writer. A stop ends it in order; an abort or an error
 * leaves what is complete under the temporary name, because a recording is never deleted.
 */
export function runRecord(order: RecordOrder, context: RecordContext): Promise<JobOutcome> {
  return borrowPool(context, order.job.threads, (pool) => recordStream(order, context, pool))
}

async function recordStream(
  order: RecordOrder,
  context: RecordContext,
  pool: FilterPool,
): Promise<JobOutcome> {
  const { job } = order
  const warnings = new JobWarnings(context)
  const progress = new ProgressReporter(context)
  const ownPool = new ObservedPool(pool, progress.filterLoad)
  let source: OpenSource | undefined
  let judge: InputJudge | null = null
  try {
    const { watch } = order
    const { disk } = context
    source = await openSource(job, { disk, pool: ownPool, watch })
    const reading = watch === null ? null : new InputReading(watch, { disk, warnings })
    judge = watch === null ? null : InputJudge.start(watch, job.verify, context.signal)
    for (const warning of source.warnings ?? []) if (!saysWatch(watch, warning)) warnings.report(warning)
    progress.figures.totalEvents = source.totalEvents
    progress.figures.totalFrames = source.frameCount
    const run = new RecordRun({ order, context, source, reading, judge, pool: ownPool, progress, warnings })
    const compared = await run.run()
    const events = progress.figures.writtenEvents
    const { bytesRead, bytesWritten } = progress.figures
    const { seconds } = progress
    return {
      output: job.output,
      events,
      bytesRead,
      bytesWritten,
      seconds,
      verification: job.verify,
      inputBytes: source.measurement?.file.bytes ?? null,
      ...compared,
      recording: run.figures,
      features: source.features.length + (source.linked?.length ?? 0),
      featuresAsStored: 0,
      warnings: warnings.list,
    }
  } finally {
    progress.stop()
    await judge?.close()
    await source?.close()
  }
}

/** Of an input that is being written W_GROWING says how many events there were. */
function saysWatch(watch: FileWatch | null, { code }: Warning): boolean {
  return watch?.isGrowing === true && OF_LENGTHS.has(code)
}

interface RecordParts {
  readonly order: RecordOrder
  readonly context: RecordContext
  readonly source: OpenSource
  /** Null: there is no input. */
  readonly reading: InputReading | null
  readonly judge: InputJudge | null
  readonly pool: FilterPool
  readonly progress: ProgressReporter
  readonly warnings: JobWarnings
}

class RecordRun {
  readonly #parts: RecordParts
  readonly #startedAt = new Date()
  #recordSeconds = 0

  constructor(parts: RecordParts) {
    this.#parts = parts
  }

  get figures(): RecordingFigures {
    const { context, progress } = this.#parts
    const { writtenFrames: frames, totalFrames } = progress.figures
    const isStopped = context.stopSignal.aborted && frames < totalFrames
    return { frames, totalFrames, isStopped, seconds: this.#recordSeconds }
  }

  async run(): Promise<ComparedFigures & Pick<JobOutcome, 'content'>> {
    const { order, context, progress, pool, warnings } = this.#parts
    progress.enter('check')
    const output = await OutputFile.create(order.target, {
      disk: observeDisk(context.disk, progress.diskLoad),
      pool,
      task: 'record',
      reportWarning: warnings.report,
      isVerified: order.job.verify !== 'none',
    })
    try {
      progress.enter('record')
      await this.#prepare(output)
      const before = progress.seconds
      await this.#stream(output)
      this.#recordSeconds = progress.seconds - before
      return await this.#complete(output)
    } catch (error) {
      return await this.#keep(output, await this.#explain(error))
    }
  }

  async #prepare(output: OutputFile): Promise<void> {
    const { order, source } = this.#parts
    const hdf5 = await HDF5Writer.open(output.writer, { dsKwds: toDatasetKeywords(order.job.compression) })
    for (const { name, dataset } of source.features) {
      hdf5.requireFeature(name, {
        itemShape: shapeOf(dataset.dataspace).slice(1),
        datatype: dataset.datatype,
      })
    }
  }

  async #stream(output: OutputFile): Promise<void> {
    const { order, context, source, pool, progress } = this.#parts
    const { job } = order
    const eventQueue = new EventQueue(BYTE_SHARES.events)
    const featNevents = new FeatNevents(source.frameCount)
    const writerDq = new ChunkQueue(BYTE_SHARES.queue)
    progress.watchQueue(writerDq)
    const writer = new QueueWriterThread({
      eventQueue,
      featNevents,
      writeQueueSize: { value: 0 },
      pathOut: output.writer,
      hdf5DatasetKwargs: toDatasetKeywords(job.compression),
      writeThreshold: job.threshold,
      // All that belongs to the frames is in the recording: there is nothing that a mapping could lead to.
      indexUnmapped: false,
      pool,
    })
    const abort = (): void => eventQueue.fail(new Cancelled())
    context.signal.addEventListener('abort', abort, { once: true })
    const stopSignal = AbortSignal.any([context.stopSignal, context.signal])
    const readers = job.source.kind === 'replay' ? job.source.readers : 2
    const delivering = deliverFrames({
      source,
      eventQueue,
      featNevents,
      readers,
      rate: job.source.rate,
      seed: job.seed,
      stopSignal,
    })
    const watch = setInterval(() => this.#watch(writer, output), 50)
    try {
      if (context.signal.aborted) abort()
      await writer.run({ writerDq })
    } finally {
      clearInterval(watch)
      this.#watch(writer, output)
      context.signal.removeEventListener('abort', abort)
      await delivering
    }
  }

  #watch(writer: QueueWriterThread, output: OutputFile): void {
    const { figures } = this.#parts.progress
    figures.writtenEvents = writer.writtenEvents.value
    figures.writtenFrames = writer.writtenFrames.value
    figures.bytesRead = writer.writtenEvents.value * this.#parts.source.eventBytes
    figures.bytesWritten = output.writer.end
  }

  async #complete(output: OutputFile): Promise<ComparedFigures & Pick<JobOutcome, 'content'>> {
    const { order, context, source, progress, reading } = this.#parts
    progress.enter('metadata')
    await reading?.note(progress.figures.writtenEvents)
    await this.#writeMetadata(output)
    const written = await output.writer.finish()
    progress.figures.bytesWritten = written.bytes
    await output.close()
    await this.#proveInput(output)
    const { warnings, judge } = this.#parts
    await judge?.requireAgreement({ output: output.writer, contours: null, warnings: warnings.list })
    const { measurement } = source
    const events = progress.figures.writtenEvents
    const content =
      measurement === undefined ? null : await compareContent({ measurement, output: output.writer, events })
    const compared = await output.verifyAndCommit(written, { level: order.job.verify, context, progress })
    return { ...compared, content }
  }

  async #proveInput(output: OutputFile): Promise<void> {
    const { context, source, progress, pool, reading } = this.#parts
    const { writtenEvents } = progress.figures
    const rows = takeFirstRows(writtenEvents)
    await reading?.prove(writtenEvents, {
      output: output.target.temporaryPath,
      features: source.features.map((feature) => ({ ...feature, rows })),
      contours: [],
      pool,
      signal: context.signal,
    })
  }

  async #writeMetadata(output: OutputFile): Promise<void> {
    const { order, context, source, pool, progress, warnings } = this.#parts
    if (source.measurement) reportRecoded(source.measurement.file, { reportWarning: warnings.report })
    await writeRecordMetadata({
      output,
      source,
      order,
      disk: context.disk,
      pool,
      warnings,
      events: progress.figures.writtenEvents,
      startedAt: this.#startedAt,
      seconds: progress.seconds,
    })
    if (source.measurement) reportFilled(source.measurement.file, { reportWarning: warnings.report })
  }

  /** Damage that is seen while another program writes the input may be no damage. */
  async #explain(error: unknown): Promise<unknown> {
    const { watch } = this.#parts.order
    // What a reader of the source threw is the cause of frames that never came.
    const seen = error instanceof Error && error.cause instanceof Error ? error.cause : error
    if (watch?.isOfWriter(seen) !== true) return error
    try {
      await watch.look()
    } catch (looking) {
      return looking
    }
    return watch.isGrowing ? watch.describeTrouble(seen) : error
  }

  /** After an abort or an error: what is complete stays, as a whole file if the disk still takes its index. */
  async #keep(output: OutputFile, error: unknown): Promise<never> {
    const events = this.#parts.progress.figures.writtenEvents
    if (events === 0) {
      await output.discard()
      throw error
    }
    const reason = await this.#completeKept(output)
    const path = await output.keep().catch(() => undefined)
    const isWhole = reason === undefined && path !== undefined
    if (error instanceof Cancelled && isWhole) throw new Cancelled({ path, actual: events })
    this.#parts.warnings.report(describeKept({ events, reason, path, output }))
    throw error
  }

  /** Makes what was recorded a whole file; gives the reason why it could not be done. */
  async #completeKept(output: OutputFile): Promise<string | undefined> {
    try {
      if (output.isOpen) {
        await this.#writeMetadata(output)
        await output.writer.finish()
      }
      return undefined
    } catch (finishing) {
      return finishing instanceof Error ? finishing.message : String(finishing)
    }
  }
}

interface KeptRecording {
  readonly events: number
  /** Why it has no index; undefined: it has one. */
  readonly reason: string | undefined
  /** Where it is; undefined: it is not there any more. */
  readonly path: string | undefined
  readonly output: OutputFile
}

function describeKept({ events, reason, path, output }: KeptRecording): Warning {
  if (path === undefined) {
    const { temporaryPath } = output.target
    const message = `${events} events were recorded before the error, but another program has removed or replaced their file ${temporaryPath}`
    return { code: 'W_LOST', message, path: temporaryPath }
  }
  if (reason === undefined) {
    const message = `${events} events were recorded before the error; they are in ${path}`
    return { code: 'W_KEPT', message, path }
  }
  const message = `${path} holds what was written before the error, but could not be given an index: ${reason}`
  return { code: 'W_INCOMPLETE', message, path }
}
