import { throwIfCancelled } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { isNumeric } from '../read/read-numbers.ts'
import { readSelectedRows } from '../read/read-selected-rows.ts'
import { ChunkQueue } from '../write/chunk-queue.ts'
import { ChunkWriter } from '../write/chunk-writer.ts'
import type { NdArray } from '../write/nd-array.ts'
import { composeIndexRows } from './index-feature.ts'
import type { ProgressReporter } from './progress-reporter.ts'
import type { RewritePlan, RowFeature } from './rewrite-plan.ts'

/** Raw bytes of all features that are read at one time. */
const SLAB_BYTES = 8 * 2 ** 20
/** Bound of the write queue in jobs; the reader waits when it is full. */
export const JOB_QUEUE_BYTES = 96 * 2 ** 20

export interface EventRowsCopy {
  readonly plan: RewritePlan
  readonly output: FileWriter
  readonly progress: ProgressReporter
  readonly signal: AbortSignal
  /** Shown every piece of a feature before it is queued, in the order of the events. */
  observe(feature: RowFeature, bytes: Uint8Array): void
}

/**
 * Moves all features side by side, slab of events after slab of events, through the write queue into the output. The datasets
 * exist already. Rejects with the first error of reading or writing.
 */
export async function copyEventRows(copy: EventRowsCopy): Promise<void> {
  const queue = new ChunkQueue(JOB_QUEUE_BYTES)
  const written = new WrittenRows(copy)
  copy.progress.watchQueue(queue)
  const writer = new ChunkWriter(
    copy.output,
    queue,
    { value: 0 },
    { onStored: ({ feature, data }) => written.count(feature, data) },
  )
  const writing = writer.run()
  // A failure of the writer reaches the reader through the queue; this keeps it from counting as unhandled until it is awaited below.
  writing.catch(() => undefined)
  try {
    await readSlabs(copy, queue)
    writer.finishedWhenQueueEmpty()
  } catch (error) {
    writer.abortLoop()
    await writing.catch(() => undefined)
    throw error
  }
  await writing
}

async function readSlabs(copy: EventRowsCopy, queue: ChunkQueue): Promise<void> {
  const { plan, signal } = copy
  const open = async (feature: RowFeature): Promise<OpenFeature> => ({
    feature,
    reader: await feature.source.openReader(feature.dataset),
  })
  const features = await Promise.all(plan.rowFeatures.map(open))
  const rowBytes = features.reduce((sum, { reader }) => sum + reader.rowBytes, 0)
  const slabRows = Math.max(1, Math.floor(SLAB_BYTES / Math.max(1, rowBytes)))
  for (let start = 0; start < plan.selection.count; start += slabRows) {
    const stop = Math.min(start + slabRows, plan.selection.count)
    const read = async ({ feature, reader }: OpenFeature): Promise<readonly [RowFeature, NdArray]> => [
      feature,
      await readRows(copy, { feature, reader, start, stop }),
    ]
    for (const [feature, array] of await Promise.all(features.map(read))) {
      throwIfCancelled(signal)
      copy.observe(feature, array.bytes)
      await queue.push(feature.name, array)
    }
  }
}

interface OpenFeature {
  readonly feature: RowFeature
  readonly reader: DatasetReader
}

interface RowsToRead extends OpenFeature {
  readonly start: number
  readonly stop: number
}

async function readRows(copy: EventRowsCopy, { feature, reader, start, stop }: RowsToRead): Promise<NdArray> {
  const { dataset, rows } = feature
  const { datatype, dataspace } = dataset
  const isRenumbered = feature.name === 'index' && !rows.isIdentity && isNumeric(datatype)
  const bytes = isRenumbered
    ? composeIndexRows(datatype, start, stop)
    : await readSelectedRows(reader, rows.slice(start, stop))
  copy.progress.figures.bytesRead += bytes.length
  return { datatype, shape: [stop - start, ...shapeOf(dataspace).slice(1)], bytes }
}

/** Counts an event as written when all its features were handed to the file. */
class WrittenRows {
  readonly #rows = new Map<string, number>()
  readonly #copy: EventRowsCopy

  constructor(copy: EventRowsCopy) {
    this.#copy = copy
    for (const { name } of copy.plan.rowFeatures) this.#rows.set(name, 0)
  }

  count(name: string, data: NdArray): void {
    this.#rows.set(name, (this.#rows.get(name) ?? 0) + (data.shape[0] ?? 0))
    const { figures } = this.#copy.progress
    figures.writtenEvents = Math.min(...this.#rows.values())
    figures.bytesWritten = this.#copy.output.end
  }
}
