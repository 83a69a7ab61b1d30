import { throwIfCancelled, toWeirError } from '../errors.ts'
import type { WeirError } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { elementCount, hasVariableParts, shapeOf } from '../hdf5/model.ts'
import { readChunkTable } from '../hdf5/reading/chunk-table.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { RowFallback } from '../hdf5/reading/dataset-reader.ts'
import { describeChunk } from '../hdf5/reading/explain-chunk-error.ts'
import type { OddChunk } from '../hdf5/reading/odd-chunks.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { levelOf } from './finding.ts'
import type { Finding } from './finding.ts'
import { isEventData } from './measurement.ts'
import type { SecondJudge } from './second-judge.ts'
import type { ValueInspector } from './value-inspector.ts'

/** What reading the values needs. */
export interface ValueContext {
  readonly file: FileReader
  readonly pool: FilterPool
  readonly fallback: RowFallback
  readonly signal: AbortSignal | undefined
  /** Reads the same rows; undefined: it is not asked about values. */
  readonly judge?: SecondJudge | undefined
  /** Called after every slab. */
  reportProgress(): void
}

/** Decoded bytes held at once: enough chunks for all threads, little beside the memory a job has. */
const SLAB_BYTES = 16 * 2 ** 20
/** Rows that are stored together and would take more than this at once are not read. */
const MOST_BYTES_AT_ONCE = 2 ** 30
/** The same for rows of variable length, which are read all at once. */
const MOST_VARIABLE_BYTES = 2 ** 28

/** Rows [start, stop) that are read together. */
interface RowRange {
  readonly start: number
  readonly stop: number
}

/**
 * Reads all values of a dataset, in slabs, decoding every chunk once, and hands them to the inspectors. Damage is returned, one finding
 * for a band of chunks, and reading goes on behind it. Chunks that were never written are damage in `events` and `basin_events` (E_HOLE),
 * elsewhere an alert (A_HOLE).
 */
export async function verifyValues(
  context: ValueContext,
  dataset: StoredDataset,
  inspectors: readonly ValueInspector[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    if (elementCount(dataset.dataspace) === 0) return findings
    const { pool, fallback, file } = context
    const reader = await DatasetReader.open(file, dataset, { pool, fallback, missingChunks: 'fill' })
    const plan = await planReading(context, reader)
    findings.push(...plan.findings)
    if (hasVariableParts(dataset.datatype)) await readVariable({ context, reader, inspectors, findings })
    else for (const range of plan.ranges) await readSlab({ context, reader, inspectors, findings }, range)
  } catch (thrown) {
    findings.push(toFinding(thrown, dataset.path))
  }
  return [
    ...findings,
    ...context.file.oddChunks.takeOf(dataset).map((chunk) => describeOdd(context.file, dataset, chunk)),
  ]
}

/** Weir reads what is meant; what HDF5's own filter makes of it is what every other program sees. */
function describeOdd(
  file: FileReader,
  dataset: StoredDataset,
  { record, what, isMisread }: OddChunk,
): Finding {
  const effect = isMisread
    ? "HDF5's own filter reads other values from it, or none"
    : "HDF5's own filter ends with an error behind the values"
  const message = `${file.path}: ${describeChunk(dataset, record.gridIndex)}: the chunk at byte ${record.address} holds ${what}: ${effect}; 'weir rewrite' stores it anew`
  const code = isMisread ? 'E_ZSTD_FRAMES' : 'V_ZSTD_FRAMES'
  return { level: levelOf(code), code, message, object: dataset.path, offset: record.address }
}

/** A thrown error as a finding: bad bytes are damage, what Weir cannot read is an alert. Mistakes of Weir and a cancel are thrown on. */
export function toFinding(thrown: unknown, object: string): Finding {
  const error = toWeirError(thrown)
  if (error.tag === 'Internal' || error.tag === 'Cancelled') throw thrown
  return describeError(error, object)
}

function describeError(error: WeirError, object: string): Finding {
  const code = error.tag === 'Unsupported' ? error.code.replace(/^E_/, 'A_') : error.code
  const finding = { level: levelOf(code), code, message: error.message, object: error.object ?? object }
  return error.offset === undefined ? finding : { ...finding, offset: error.offset }
}

interface ReadingPlan {
  readonly ranges: readonly RowRange[]
  readonly findings: readonly Finding[]
}

async function planReading(context: ValueContext, reader: DatasetReader): Promise<ReadingPlan> {
  const { dataset, rowBytes, rowCount } = reader
  const bandRows = Math.max(1, Math.min(reader.bandRows, rowCount))
  if (bandRows * rowBytes > MOST_BYTES_AT_ONCE) {
    const message = `${dataset.path}: ${bandRows} rows of ${rowBytes} bytes are stored together, too many to be checked`
    return { ranges: [], findings: [{ level: 'alert', code: 'A_UNCHECKED', message, object: dataset.path }] }
  }
  const { layout } = dataset
  if (layout.kind === 'contiguous' && layout.address === null)
    return { ranges: [], findings: describeHole(dataset, 'its values were') }
  const slabBands = Math.max(1, Math.floor(SLAB_BYTES / Math.max(1, bandRows * rowBytes)))
  if (layout.kind !== 'chunked') return { ranges: [...cutRows(rowCount, bandRows * slabBands)], findings: [] }
  return planChunks(context, reader, slabBands)
}

function* cutRows(rowCount: number, slabRows: number): Generator<RowRange> {
  for (let start = 0; start < rowCount; start += slabRows)
    yield { start, stop: Math.min(rowCount, start + slabRows) }
}

/** Only bands that hold chunks are read: a dataset may claim 2^50 rows of which none was written. */
async function planChunks(
  context: ValueContext,
  reader: DatasetReader,
  slabBands: number,
): Promise<ReadingPlan> {
  const { dataset, rowCount } = reader
  const table = await readChunkTable(context.file, dataset)
  const bandRows = table.chunkShape[0] ?? 1
  const gridRows = table.gridShape[0] ?? 0
  const chunksOfBand = table.gridShape.slice(1).reduce((product, length) => product * length, 1)
  const present = new Set<number>()
  let chunkCount = 0
  let firstMissing = 0
  for (const { gridIndex } of table.records) {
    if (gridIndex >= gridRows * chunksOfBand) continue
    if (gridIndex === firstMissing) firstMissing++
    chunkCount++
    present.add(Math.floor(gridIndex / chunksOfBand))
  }
  const missing = gridRows * chunksOfBand - chunkCount
  const row = Math.floor(firstMissing / chunksOfBand) * bandRows
  const what = `${missing} of ${gridRows * chunksOfBand} chunks (the first of them at row ${row}) were`
  const ranges = joinBands(
    [...present].sort((one, other) => one - other),
    slabBands,
  ).map(([first, last]): RowRange => ({
    start: first * bandRows,
    stop: Math.min(rowCount, (last + 1) * bandRows),
  }))
  return { ranges, findings: missing > 0 ? describeHole(dataset, what) : [] }
}

/** Runs of neighbouring bands, at most `most` in each: [first, last]. */
function joinBands(bands: readonly number[], most: number): [number, number][] {
  const runs: [number, number][] = []
  for (const band of bands) {
    const run = runs.at(-1)
    if (run !== undefined && band === run[1] + 1 && band - run[0] < most) run[1] = band
    else runs.push([band, band])
  }
  return runs
}

function describeHole(dataset: StoredDataset, what: string): Finding[] {
  if (!isEventData(dataset.path)) {
    const message = `${dataset.path}: ${what} never written: programs show the fill value there, and a rewrite leaves it out`
    return [{ level: 'alert', code: 'A_HOLE', message, object: dataset.path }]
  }
  const message = `${dataset.path}: ${what} never written: these events are lost; copy the file again or use a backup`
  return [{ level: 'damage', code: 'E_HOLE', message, object: dataset.path }]
}

interface SlabReading {
  readonly context: ValueContext
  readonly reader: DatasetReader
  readonly inspectors: readonly ValueInspector[]
  readonly findings: Finding[]
}

/** Reads a slab at once; if that fails, band by band, to name each that is damaged and still see the others. */
async function readSlab(reading: SlabReading, range: RowRange): Promise<void> {
  const { context, reader, findings } = reading
  throwIfCancelled(context.signal)
  try {
    await readRange(reading, range)
  } catch (thrown) {
    const { bandRows } = reader
    if (range.stop - range.start <= bandRows)
      findings.push(describeRows(toFinding(thrown, reader.dataset.path), reader, range))
    else
      for (const { start, stop } of cutRows(range.stop - range.start, bandRows)) {
        await readSlab(reading, { start: range.start + start, stop: range.start + stop })
      }
  }
  context.reportProgress()
}

async function readRange(
  { context, reader, inspectors, findings }: SlabReading,
  range: RowRange,
): Promise<void> {
  const { start, stop } = range
  const bytes = await reader.readRows(start, stop)
  for (const inspector of inspectors) inspector.inspectRows(bytes, start)
  findings.push(
    ...((await context.judge?.judgeRows(reader.dataset, start, { count: stop - start, bytes })) ?? []),
  )
}

/** Errors of chunks name their events themselves. */
function describeRows(finding: Finding, reader: DatasetReader, range: RowRange): Finding {
  if (finding.offset !== undefined || shapeOf(reader.dataset.dataspace).length === 0) return finding
  return { ...finding, message: `${finding.message} (rows ${range.start} to ${range.stop - 1})` }
}

async function readVariable({ context, reader, inspectors, findings }: SlabReading): Promise<void> {
  const { dataset, rowCount, rowBytes } = reader
  if (rowCount * rowBytes > MOST_VARIABLE_BYTES) {
    const message = `${dataset.path}: ${rowCount} rows of variable length are too many to be checked`
    findings.push({ level: 'alert', code: 'A_UNCHECKED', message, object: dataset.path })
    return
  }
  const data = await reader.readAll()
  for (const inspector of inspectors) inspector.inspectData?.(data)
  findings.push(...((await context.judge?.judgeRows(dataset, 0, { count: rowCount })) ?? []))
}
