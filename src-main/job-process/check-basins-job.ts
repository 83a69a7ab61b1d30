import { BasinUnresolved, InvalidInput, throwIfCancelled, type Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { elementCount } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { compressionSchema, type BasinsJob } from '../jobs/job-schema.ts'
import { locateBasin } from '../read/basin-paths.ts'
import { FileWatch, OF_LENGTHS } from '../read/file-watch.ts'
import { Measurement, type MeasuredRows } from '../read/measurement.ts'
import { composeBasinPaths } from './basin-paths-of-output.ts'
import { runBasinsJob } from './basins-job.ts'
import { borrowPool } from './borrow-pool.ts'
import { checkSpace } from './check-space.ts'
import type { CheckedJob, JobContext } from './job-context.ts'
import { checkOutput, refuseSameFiles, type OutputTarget } from './output-target.ts'
import { selectRows, warnOfNothing } from './row-selection.ts'

/** A basin file whose basins, output and settings are good. */
export interface BasinsOrder {
  readonly job: BasinsJob
  readonly target: OutputTarget
  readonly basins: readonly OrderedBasin[]
  /** Every file that is read or referred to. */
  readonly reads: readonly string[]
  /** Rows that every basin has. */
  readonly basinRows: MeasuredRows
  readonly totalEvents: number
  readonly estimatedBytes: number
  /** Of the check; told again by nobody. */
  readonly warnings: readonly Warning[]
}

export interface OrderedBasin {
  /** The first of its paths that exists: the one that is read. */
  readonly source: string
  /** Of that file: does another program write it? */
  readonly watch: FileWatch
  /** Of that file when it was checked. */
  readonly identifier: string | null
  /** As the output names them. */
  readonly paths: readonly string[]
}

/** What the files say of themselves. */
interface KnownBasin {
  readonly path: string
  readonly events: number
  /** Some of its features have more. */
  readonly isCut: boolean
  readonly identifier: string | null
  readonly metadataBytes: number
  /** Files that its own basins lead to. */
  readonly referred: readonly string[]
  readonly warnings: readonly Warning[]
}

/** One of the job's sources: what there is of it. */
interface FoundSource {
  readonly paths: readonly string[]
  readonly existing: readonly [string, ...string[]]
}

const OVERHEAD_BYTES = 64 * 1024
const MAPPING_BYTES = 8

/**
 * Finds every reason to refuse a basin file before anything is written: a basin of which nothing exists (E_MISSING), a file that is no
 * measurement (E_KIND, E_MAGIC, E_NOT_RTDC, E_LEN, damage), an alternative that is another measurement (E_BASIN), basins with different
 * numbers of events (E_LEN), the output (E_SAME, E_EXISTS, E_OUT_*), the choice of events (E_RANGE).
 */
export async function checkBasinsJob(job: BasinsJob, context: JobContext): Promise<CheckedJob> {
  const order = await borrowPool(context, null, (pool) => checkOrder(job, context, pool))
  for (const warning of order.warnings) context.reportWarning(warning)
  return {
    input: null,
    output: job.output,
    reads: order.reads,
    totalEvents: order.totalEvents,
    estimatedBytes: order.estimatedBytes,
    warnings: order.warnings,
    run: (runContext) => runBasinsJob(order, runContext),
  }
}

async function checkOrder(
  job: BasinsJob,
  { disk, signal }: JobContext,
  pool: FilterPool,
): Promise<BasinsOrder> {
  const sources = await findSources(disk, job)
  const lists = job.events.kind === 'indices' ? [job.events.file] : []
  const inputs = [...job.sources.flat(), ...lists]
  const target = await checkOutput({ path: job.output, overwrite: job.overwrite, inputs }, disk)
  const known: KnownBasin[] = []
  const basins: OrderedBasin[] = []
  for (const { paths, existing } of sources) {
    throwIfCancelled(signal)
    const [source, ...alternatives] = existing
    const opening = { disk, pool }
    const watch = new FileWatch(disk, source)
    const basin = await learnWatched(watch, opening)
    for (const path of alternatives) refuseOther(basin, await learn(path, opening))
    known.push(basin)
    const composed = await composeBasinPaths(disk, paths, { folder: target.folder, style: job.paths })
    basins.push({ source, watch, identifier: basin.identifier, paths: composed })
  }
  const referred = known.flatMap((one) => one.referred)
  await refuseSameFiles(target, referred, disk)
  const basinRows = settleEvents(known, job.lengths)
  const selection = await selectRows(job.events, basinRows, disk)
  const metadataBytes = known.reduce((sum, basin) => sum + basin.metadataBytes, 0)
  const rawBytes = selection.isIdentity ? 0 : selection.count * MAPPING_BYTES
  const estimatedBytes = OVERHEAD_BYTES + metadataBytes + rawBytes
  const need = { rawBytes, estimatedBytes, compression: compressionSchema.parse({}) }
  const spaceWarnings = checkSpace(target, need, await disk.freeBytes(target.folder))
  const ofBasins = [...known.flatMap((one) => one.warnings), ...warnOfStrangers(known)]
  const ofRows = { path: basins[0]?.source ?? '', count: basinRows.count }
  const ofNothing = warnOfNothing(job.events, selection, ofRows)
  const warnings = [...ofBasins, ...basinRows.warnings, ...ofNothing, ...spaceWarnings]
  const reads = [...inputs, ...referred]
  return { job, target, basins, reads, basinRows, totalEvents: selection.count, estimatedBytes, warnings }
}

async function findSources(disk: DiskPort, job: BasinsJob): Promise<FoundSource[]> {
  return Promise.all(
    job.sources.map(async (paths) => {
      const facts = await Promise.all(paths.map((path) => disk.follow(path).catch(() => undefined)))
      const [first, ...others] = paths.filter((_, index) => facts[index] !== undefined)
      if (first !== undefined) return { paths, existing: [first, ...others] }
      const message = `${paths.join(', ')}: no such file, so there is nothing to refer to; check the path`
      throw new InvalidInput('E_MISSING', message, { path: paths[0] })
    }),
  )
}

interface BasinOpening {
  readonly disk: DiskPort
  readonly pool: FilterPool
}

/** A file that is being written goes on behind the rows that are referred to, so that these are a selection. */
async function learnWatched(watch: FileWatch, opening: BasinOpening): Promise<KnownBasin> {
  return watch.read(async (isGrowing) => {
    const known = await learn(watch.path, opening)
    if (!isGrowing) return known
    return { ...known, isCut: true, warnings: known.warnings.filter(({ code }) => !OF_LENGTHS.has(code)) }
  })
}

/** A basin whose features have different lengths is referred to as far as all of them go, which is said (W_CUT): nothing is copied. */
async function learn(path: string, { disk, pool }: BasinOpening): Promise<KnownBasin> {
  const measurement = await Measurement.open(disk, path, { pool })
  try {
    const { features, identifier, logs, tables, basins } = measurement
    const { count: events, isCut, warnings } = measurement.countRows(features, { lengths: 'cut' })
    const located = await Promise.all(basins.map((basin) => locateBasin(disk, path, basin)))
    const referred = located.flat().flatMap(({ found }) => found ?? [])
    const metadataBytes = [...logs, ...tables].reduce((sum, dataset) => sum + countBytes(dataset), 0)
    const known = { path, events, isCut, identifier, metadataBytes, referred }
    return { ...known, warnings: [...measurement.warnings, ...warnings] }
  } finally {
    await measurement.close()
  }
}

function countBytes({ dataspace, datatype }: StoredDataset): number {
  return elementCount(dataspace) * datatype.size
}

/** Alternatives are one measurement in several places. */
function refuseOther(first: KnownBasin, other: KnownBasin): void {
  const differs =
    first.identifier !== null && other.identifier !== null && first.identifier !== other.identifier
  if (!differs && first.events === other.events) return
  const [expected, actual] = differs
    ? [`the measurement ${first.identifier}`, `the measurement ${other.identifier}`]
    : [`${first.events} events`, `${other.events} events`]
  const message = `${other.path} (${actual}) is no alternative to ${first.path} (${expected}): both must be the same measurement`
  throw new BasinUnresolved('E_BASIN', message, { path: other.path, expected, actual })
}

function settleEvents(known: readonly KnownBasin[], lengths: BasinsJob['lengths']): MeasuredRows {
  const first = known[0]
  const odd = known.find(({ events }) => events !== first?.events)
  const count = Math.min(...known.map(({ events }) => events))
  if (first === undefined || odd === undefined) {
    return { count, isCut: known.some(({ isCut }) => isCut), warnings: [] }
  }
  if (lengths === 'cut') return { count, isCut: true, warnings: [warnOfCut(known, count)] }
  const message = `basins hold different numbers of events: ${first.path} has ${first.events}, ${odd.path} has ${odd.events}; choose basins of one measurement, or take the rows that all of them have (--lengths cut)`
  throw new InvalidInput('E_LEN', message, { path: odd.path, expected: first.events, actual: odd.events })
}

function warnOfCut(known: readonly KnownBasin[], count: number): Warning {
  const longer = known.filter(({ events }) => events > count)
  const cut = longer.map(({ path, events }) => `${events - count} of ${path}`).join(', ')
  const path = known.find(({ events }) => events === count)?.path ?? ''
  const message = `${path} has ${count} events, and so many are taken of all basins; left out are ${cut}`
  return { code: 'W_CUT', message, path }
}

/** The output is the first basin's measurement, and readers leave out basins that are another one. */
function warnOfStrangers(known: readonly KnownBasin[]): Warning[] {
  const first = known[0]
  return known
    .filter(({ identifier }) => identifier !== null && identifier !== first?.identifier)
    .map(({ path, identifier }) => ({
      code: 'W_BASIN',
      message: `${path} is the measurement ${identifier}, but the basin file will be ${first?.identifier ?? 'without an identifier'} as its first basin ${first?.path} is; readers may leave the other one out`,
      path,
    }))
}
