import type { Warning } from '../errors.ts'
import { shapeOf, type Attribute } from '../hdf5/model.ts'
import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import type { LengthChoice } from '../read/common-rows.ts'
import { isDatasetFeature, type ContourFeature, type FeatureInfo } from '../read/feature-info.ts'
import { isBasinmap } from '../read/feature-names.ts'
import type { MeasuredRows, Measurement } from '../read/measurement.ts'
import { readNumbers } from '../read/read-numbers.ts'
import type { FrameEvents } from '../write/event-queue.ts'
import type { NdArray } from '../write/nd-array.ts'
import { setLinksAside, type LinkedFeatures } from './linked-features.ts'
import type { FrameBlockReader, RecordSource } from './record-source.ts'
import { hasEmptyRows, isRowData, type RowData } from './row-data.ts'

/** Made anew by the queue writer. */
const OWN_FEATURE = 'nevents'
/** dcnum: what its queue writer adds for the pipeline around it, which turns it into a mapping or deletes it. */
const PIPELINE_FEATURE = 'index_unmapped'
const NOT_OF_ONE_SHAPE = 'does not consist of events of one shape'
const EMPTY_ROWS = 'has 0 bytes an event'

export interface ReplayOptions {
  readonly lengths: LengthChoice
  readonly holes: RewriteJob['holes']
}

/**
 * A measurement played again: consecutive events with the same `frame` make up one frame of the stream; without that
 * feature every event is a frame of its own.
 */
export class ReplaySource implements RecordSource {
  readonly inputPath: string
  readonly frameCount: number
  readonly totalEvents: number
  readonly eventBytes: number
  readonly attributes: readonly Attribute[]
  /** Some features of the measurement have more rows than are streamed. */
  readonly isCut: boolean
  readonly holes: ReplayOptions['holes']
  readonly features: readonly RowData[]
  /** Further names of their datasets. */
  readonly linked: LinkedFeatures<RowData>['linked']
  readonly warnings: readonly Warning[]
  /** Row at which each frame starts, and the number of rows at the end. */
  readonly #starts: Float64Array
  readonly #prepared: FrameBlockReader[] = []

  private constructor(
    readonly measurement: Measurement,
    stream: Stream,
  ) {
    const { features, linked, leftOut, rows, starts, holes } = stream
    this.#starts = starts
    this.inputPath = measurement.path
    this.frameCount = starts.length - 1
    this.totalEvents = rows.count
    this.eventBytes = features.reduce((sum, { dataset }) => sum + rowBytesOf(dataset), 0)
    this.attributes = measurement.attributes
    this.isCut = rows.isCut
    this.holes = holes
    this.features = features
    this.linked = linked
    this.warnings = [...measurement.warnings, ...rows.warnings, ...leftOut]
  }

  /**
   * Throws E_LEN if the streamed features have different lengths and are not to be cut, E_HOLE if a piece of them was never written and is
   * not to be filled.
   */
  static async open(measurement: Measurement, { lengths, holes }: ReplayOptions): Promise<ReplaySource> {
    const chosen = chooseStreamFeatures(measurement)
    const rows = measurement.countRows(chosen.taken, { lengths })
    if (holes === 'refuse') {
      for (const { dataset } of chosen.features)
        (await measurement.openReader(dataset)).refuseHoles(0, rows.count)
    }
    const starts = await findFrameStarts(measurement, rows.count)
    return new ReplaySource(measurement, { ...chosen, rows, starts, holes })
  }

  countEvents(frameIndex: number): number {
    return (this.#starts[frameIndex + 1] ?? 0) - (this.#starts[frameIndex] ?? 0)
  }

  /** Opens readers ahead, so that the indexes of all features are as old as the number of rows. */
  async prepareReaders(count: number): Promise<void> {
    for (let reader = 0; reader < count; reader++) this.#prepared.push(await this.#openReader())
  }

  async openReader(): Promise<FrameBlockReader> {
    return this.#prepared.pop() ?? (await this.#openReader())
  }

  async #openReader(): Promise<FrameBlockReader> {
    const readers = await Promise.all(
      this.features.map(({ dataset }) => this.measurement.openReader(dataset)),
    )
    return { readFrames: (start, stop) => this.#readFrames(readers, start, stop) }
  }

  close(): Promise<void> {
    return this.measurement.close()
  }

  async #readFrames(readers: readonly DatasetReader[], start: number, stop: number): Promise<FrameEvents[]> {
    const firstRow = this.#starts[start] ?? 0
    const rows = await Promise.all(
      readers.map((reader) => reader.readRows(firstRow, this.#starts[stop] ?? 0)),
    )
    return Array.from({ length: stop - start }, (_, position) => {
      const from = (this.#starts[start + position] ?? 0) - firstRow
      const count = this.countEvents(start + position)
      const entries = this.features.map((feature, at): [string, NdArray] => [
        feature.name,
        cutRows(feature.dataset, rows[at] ?? new Uint8Array(), { from, count }),
      ])
      return new Map(entries)
    })
  }
}

/** A view of some rows; nothing is copied. */
function cutRows(
  dataset: StoredDataset,
  bytes: Uint8Array,
  { from, count }: { readonly from: number; readonly count: number },
): NdArray {
  const rowBytes = rowBytesOf(dataset)
  const shape = [count, ...shapeOf(dataset.dataspace).slice(1)]
  return {
    datatype: dataset.datatype,
    shape,
    bytes: bytes.subarray(from * rowBytes, (from + count) * rowBytes),
  }
}

function rowBytesOf(dataset: StoredDataset): number {
  return shapeOf(dataset.dataspace)
    .slice(1)
    .reduce((product, length) => product * length, dataset.datatype.size)
}

async function findFrameStarts(measurement: Measurement, eventCount: number): Promise<Float64Array> {
  const frame = measurement.findFeature('frame')
  const dataset = frame?.kind === 'scalar' ? frame.datasets[0] : undefined
  const bytes =
    dataset === undefined ? undefined : await (await measurement.openReader(dataset)).readRows(0, eventCount)
  const numbers =
    dataset === undefined || bytes === undefined ? undefined : readNumbers(dataset.datatype, bytes)
  if (numbers === undefined) return Float64Array.from({ length: eventCount + 1 }, (_, row) => row)
  const starts: number[] = []
  for (let row = 0; row < eventCount; row++)
    if (row === 0 || numbers[row] !== numbers[row - 1]) starts.push(row)
  return Float64Array.from([...starts, eventCount])
}

interface Stream extends StreamFeatures, Pick<ReplayOptions, 'holes'> {
  readonly rows: MeasuredRows
  /** Row at which each frame starts, and the number of rows at the end. */
  readonly starts: Float64Array
}

interface StreamFeatures extends LinkedFeatures<RowData> {
  /** Those that the recording has: whose rows are streamed, and contours. */
  readonly taken: readonly FeatureInfo[]
  readonly leftOut: readonly Warning[]
}

/** What can be cut into events; what cannot is named. Contours are carried behind the stream. */
function chooseStreamFeatures(measurement: Measurement): StreamFeatures {
  const taken: FeatureInfo[] = []
  const features: RowData[] = []
  const leftOut: Warning[] = []
  const leaveOut = (path: string, reason: string): void => {
    const message = `${path} of ${measurement.path} ${reason} and is not part of the stream`
    leftOut.push({ code: 'W_FEATURE', message, path: measurement.path, object: path })
  }
  for (const feature of measurement.features) {
    if (feature.kind === 'contour') taken.push(feature)
    if (feature.name === OWN_FEATURE || feature.kind === 'contour') continue
    const reason = findReasonToLeaveOut(feature)
    if (reason !== undefined) {
      leaveOut(feature.path, reason)
      continue
    }
    const streamed = feature.datasets.filter(isRowData)
    for (const dataset of feature.datasets.filter((each) => !streamed.includes(each)))
      leaveOut(dataset.path, hasEmptyRows(dataset) ? EMPTY_ROWS : NOT_OF_ONE_SHAPE)
    if (streamed.length === 0) continue
    taken.push(feature.kind === 'trace' ? { ...feature, datasets: streamed } : feature)
    for (const dataset of streamed) features.push({ name: dataset.path.replace(/^\/events\//, ''), dataset })
  }
  return { taken, ...setLinksAside(features, () => true), leftOut }
}

/** Why nothing of a feature is streamed. */
function findReasonToLeaveOut(feature: Exclude<FeatureInfo, ContourFeature>): string | undefined {
  const { name, datasets, kind } = feature
  if (name === PIPELINE_FEATURE) return 'belongs to the pipeline that wrote the file'
  if (isBasinmap(name)) return 'maps the rows of a basin'
  const isCountedInEvents = kind === 'trace' || isDatasetFeature(feature)
  const isStreamed = isCountedInEvents && feature.length !== null && datasets.length > 0
  return isStreamed ? undefined : NOT_OF_ONE_SHAPE
}
