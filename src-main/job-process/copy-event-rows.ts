import { throwIfCancelled } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { ChunkOfRun, DatasetWriter, FileWriter } from '../hdf5/writing/file-writer.ts'
import { isNumeric } from '../read/read-numbers.ts'
import { readSelectedRows } from '../read/read-selected-rows.ts'
import { ChunkQueue, type FeatureChunk } from '../write/chunk-queue.ts'
import { ChunkWriter } from '../write/chunk-writer.ts'
import type { NdArray } from '../write/nd-array.ts'
import { BYTE_SHARES } from './byte-shares.ts'
import type { FeatureWay } from './feature-ways.ts'
import { composeIndexRows } from './index-feature.ts'
import type { ProgressReporter } from './progress-reporter.ts'
import type { RewritePlan, RowFeature } from './rewrite-plan.ts'
import { StoredBands } from './stored-bands.ts'
import { planRuns, readRun } from './stored-runs.ts'

/** Runs that are read beside each other. */
const RUNS_AT_ONCE = 2

export interface EventRowsCopy {
  readonly plan: RewritePlan
  /** How each feature goes over, by its name. */
  readonly ways: ReadonlyMap<string, FeatureWay>
  readonly output: FileWriter
  /** Of the output, by the name of the feature. */
  readonly datasets: ReadonlyMap<string, DatasetWriter>
  readonly progress: ProgressReporter
  readonly signal: AbortSignal
  /** Shown every piece of values of a feature before it is queued, in the order of the events. */
  observe(feature: RowFeature, bytes: Uint8Array): void
}

/**
 * Moves all features side by side, slab of events after slab of events, through the write queue into the output. The datasets
 * exist already. Rejects with the first error of reading or writing.
 */
export async function copyEventRows(copy: EventRowsCopy): Promise<void> {
  const queue = new ChunkQueue(BYTE_SHARES.queue)
  const written = new WrittenRows(copy)
  copy.progress.watchQueue(queue)
  const writer = new ChunkWriter(
    copy.output,
    queue,
    { value: 0 },
    { onStored: (chunk) => written.count(chunk) },
  )
  const writing = writer.run()
  // A failure of the writer reaches the reader through the queue; this keeps it from counting as unhandled until it is awaited below.
  writing.catch(() => undefined)
  try {
    await readRuns(copy, queue)
    await readSlabs(copy, queue)
    writer.finishedWhenQueueEmpty()
  } catch (error) {
    writer.abortLoop()
    await writing.catch(() => undefined)
    throw error
  }
  await writing
}

/** What goes over as it is stored, in the order of the source. */
async function readRuns(copy: EventRowsCopy, queue: ChunkQueue): Promise<void> {
  const { plan, ways, datasets, progress, signal } = copy
  const runs = planRuns(plan.rowFeatures, ways)
  for (let start = 0; start < runs.length; start += RUNS_AT_ONCE) {
    const together = runs.slice(start, start + RUNS_AT_ONCE)
    for (const run of await Promise.all(together.map((planned) => readRun(planned, datasets)))) {
      throwIfCancelled(signal)
      progress.figures.bytesRead += run.chunks.reduce((sum, chunk) => sum + measureRows(chunk).bytes, 0)
      await queue.pushRun(run)
    }
  }
}

async function readSlabs(copy: EventRowsCopy, queue: ChunkQueue): Promise<void> {
  const { plan, ways, signal } = copy
  const others = plan.rowFeatures.filter(({ name }) => ways.get(name)?.kind !== 'as-stored')
  const features = await Promise.all(others.map((feature) => openFeature(copy, feature)))
  if (features.length === 0) return
  const rowBytes = features.reduce((sum, { reader }) => sum + reader.rowBytes, 0)
  const slabRows = Math.max(1, Math.floor(BYTE_SHARES.slab / Math.max(1, rowBytes)))
  for (let start = 0; start < plan.selection.count; start += slabRows) {
    const stop = Math.min(start + slabRows, plan.selection.count)
    const pieces = await Promise.all(features.map((feature) => readPieces(copy, { ...feature, start, stop })))
    throwIfCancelled(signal)
    for (const piece of pieces.flat()) {
      if ('band' in piece) await queue.pushBand(piece.feature, piece.band)
      else await queue.push(piece.feature, piece.data)
    }
  }
}

type FeaturePiece = Extract<FeatureChunk, { readonly feature: string }>

interface OpenFeature {
  readonly feature: RowFeature
  readonly reader: DatasetReader
  /** Undefined: all rows go by their values. */
  readonly bands: StoredBands | undefined
}

interface RowsToRead extends OpenFeature {
  readonly start: number
  readonly stop: number
}

async function openFeature({ ways }: EventRowsCopy, feature: RowFeature): Promise<OpenFeature> {
  const way = ways.get(feature.name)
  const bands = way?.kind === 'recoded' ? new StoredBands(feature, way) : undefined
  return { feature, reader: await feature.source.openReader(feature.dataset), bands }
}

/** The bands that begin in these rows, then the rows that are in no band, as a piece of values. */
async function readPieces(copy: EventRowsCopy, rows: RowsToRead): Promise<FeaturePiece[]> {
  const { feature, reader, bands } = rows
  const pieces: FeaturePiece[] = []
  for (const { start, stop, band } of (await bands?.read(rows.start, rows.stop)) ?? []) {
    copy.progress.figures.bytesRead += (stop - start) * reader.rowBytes
    pieces.push({ feature: feature.name, band })
  }
  const start = Math.max(rows.start, bands?.rowCount ?? 0)
  if (start < rows.stop)
    pieces.push({ feature: feature.name, data: await readRows(copy, { ...rows, start }) })
  return pieces
}

async function readRows(copy: EventRowsCopy, { feature, reader, start, stop }: RowsToRead): Promise<NdArray> {
  const { dataset, rows } = feature
  const { datatype, dataspace } = dataset
  const isRenumbered = feature.name === 'index' && !rows.isIdentity && isNumeric(datatype)
  const bytes = isRenumbered
    ? composeIndexRows(datatype, start, stop)
    : await readSelectedRows(reader, rows.slice(start, stop))
  copy.progress.figures.bytesRead += bytes.length
  copy.observe(feature, bytes)
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

  count(piece: FeatureChunk): void {
    if ('run' in piece)
      for (const chunk of piece.run.chunks) this.#add(nameFeature(chunk), measureRows(chunk).count)
    else this.#add(piece.feature, 'band' in piece ? piece.band.rowCount : (piece.data.shape[0] ?? 0))
    const { figures } = this.#copy.progress
    figures.writtenEvents = Math.min(...this.#rows.values())
    figures.bytesWritten = this.#copy.output.end
  }

  #add(name: string, rowCount: number): void {
    this.#rows.set(name, (this.#rows.get(name) ?? 0) + rowCount)
  }
}

function nameFeature({ dataset }: ChunkOfRun): string {
  return dataset.path.slice('/events/'.length)
}

/** Rows of a chunk; where several chunks hold the same rows, the first of them has them all. */
function measureRows({ dataset: { spec }, gridIndex }: ChunkOfRun): {
  readonly count: number
  readonly bytes: number
} {
  const [length = 0, ...itemShape] = spec.shape ?? []
  const [bandRows = 1, ...inner] = spec.storage.kind === 'chunked' ? spec.storage.chunkShape : []
  const chunksPerBand = itemShape.reduce((product, size, axis) => product * Math.ceil(size / inner[axis]!), 1)
  const isFirst = gridIndex % chunksPerBand === 0
  const count = isFirst ? Math.min(bandRows, length - (gridIndex / chunksPerBand) * bandRows) : 0
  return { count, bytes: count * itemShape.reduce((product, size) => product * size, spec.datatype.size) }
}
