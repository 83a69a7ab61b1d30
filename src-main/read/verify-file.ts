import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import { readBasins } from './basins.ts'
import type { Basins } from './basins.ts'
import { checkConventions } from './check-conventions.ts'
import { chooseInspectors } from './choose-inspectors.ts'
import { countReads } from './counted-disk.ts'
import { countEvents } from './event-count.ts'
import { FileWatch } from './file-watch.ts'
import { FindingList, levelOf } from './finding.ts'
import type { Finding } from './finding.ts'
import { H5wasmFallback } from './h5wasm-fallback.ts'
import { readStructure } from './measurement-structure.ts'
import type { MeasurementStructure } from './measurement-structure.ts'
import { readLines } from './read-lines.ts'
import { RootMetadata } from './root-metadata.ts'
import { SecondJudge, selectNew } from './second-judge.ts'
import { verifyObjects } from './verify-objects.ts'
import { toFinding } from './verify-values.ts'

export interface VerifyOptions {
  readonly disk: DiskPort
  /** Decodes chunks; stays the caller's. */
  readonly pool: FilterPool
  readonly signal?: AbortSignal | undefined
  /** The second judge reads every value too. */
  readonly isDeep?: boolean | undefined
  /** Called after every piece of data, so often. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}

export interface VerifyProgress {
  /** Read from the disk so far. */
  readonly bytesRead: number
  /** Size of the file; what is read comes near it, but need not meet it. */
  readonly totalBytes: number
}

export interface VerifyReport {
  readonly path: string
  /** Null: the features do not agree, or the structure could not be read. */
  readonly events: number | null
  readonly bytesRead: number
  /** Gravest first. */
  readonly findings: readonly Finding[]
}

/** Errors on opening that say: these bytes are no HDF5 file, or cannot be had; there is nothing to verify. */
const NOT_VERIFIABLE: ReadonlySet<string> = new Set(['E_SHORT', 'E_MAGIC', 'E_UNFINISHED', 'E_IO'])

/**
 * Reads a file whole, every object, every chunk, every checksum, and checks the conventions of the format. Beside it the HDF5 library
 * opens every object; `isDeep`: and reads every value.
 *
 * A damaged part is a finding, and the rest is still checked; so is a file that is truncated or whose header is damaged. Throws for
 * files that are no HDF5 or cannot be opened (E_SHORT, E_MAGIC, E_KIND, E_MISSING, E_PERM ...), E_NOT_RTDC without a group `/events`,
 * Cancelled.
 */
export async function verifyFile(path: string, options: VerifyOptions): Promise<VerifyReport> {
  const counted = countReads(options.disk)
  const findings = new FindingList()
  const watch = new FileWatch(options.disk, path)
  await watch.look()
  const verification = { ...options, disk: counted.disk, findings, countBytes: () => counted.bytesRead }
  const judge = new SecondJudge(path, options.signal)
  let events: number | null
  try {
    events = await verifyOpened(path, { ...verification, judge })
    const judged = await judge.findings
    throwIfCancelled(options.signal)
    findings.addAll(selectNew(findings.list(), judged))
  } finally {
    await judge.close()
  }
  await watch.look()
  const list = findings.list()
  return {
    path,
    events,
    bytesRead: counted.bytesRead,
    findings: watch.hasMoved ? tellGrowing(path, list) : list,
  }
}

interface Verification extends VerifyOptions {
  readonly findings: FindingList
  readonly judge: SecondJudge
  countBytes(): number
}

async function verifyOpened(path: string, verification: Verification): Promise<number | null> {
  const file = await openOrReport(path, verification)
  if (file === undefined) return null
  const fallback = new H5wasmFallback(path)
  try {
    return await verifyContent({ ...verification, file, fallback })
  } finally {
    await fallback.close()
    await file.close()
  }
}

/** A truncated file or a damaged superblock is a result, not a refusal. */
async function openOrReport(path: string, { disk, findings }: Verification): Promise<FileReader | undefined> {
  try {
    return await FileReader.open(disk, path)
  } catch (thrown) {
    if (!(thrown instanceof Hdf5Error) || NOT_VERIFIABLE.has(thrown.code)) throw thrown
    findings.addFinding({ ...toFinding(thrown, '/'), object: null })
    return undefined
  }
}

interface Opened extends Verification {
  readonly file: FileReader
  readonly fallback: H5wasmFallback
}

async function verifyContent(opened: Opened): Promise<number | null> {
  const { file, findings } = opened
  checkWholeFile(file, findings)
  const root = await readOrReport(() => file.root(), findings)
  if (root === undefined) return null
  const metadata = new RootMetadata(root.attributes, root.refused)
  // Damage of single objects is found, and said, by the walk; only that of the group `events` shows here too.
  const structure = await readOrReport(() => readStructure(file), new FindingList())
  const basins = structure === undefined ? undefined : await readBasinDefinitions(opened, structure)
  const census = await verifyObjects(
    {
      ...opened,
      signal: opened.signal,
      judge: opened.isDeep === true ? opened.judge : undefined,
      chooseInspectors: (dataset) => {
        return structure === undefined || basins === undefined
          ? []
          : chooseInspectors(dataset, { metadata, structure, basins: basins.definitions })
      },
      // Pages of metadata are read again with the data beside them: more than all would look odd.
      reportProgress: () => {
        opened.onProgress?.({ bytesRead: Math.min(opened.countBytes(), file.bytes), totalBytes: file.bytes })
      },
    },
    structure === undefined ? [root] : [structure.events, root],
  )
  if (structure === undefined || basins === undefined) return null
  await checkConventions({ disk: opened.disk, path: file.path, structure, metadata, basins, findings })
  census.report(findings)
  return settleEvents(structure, { metadata, basins, file })
}

/** What the superblock says of the file: whether it was closed, and where it ends. */
function checkWholeFile(file: FileReader, findings: FindingList): void {
  for (const { message } of file.warnings) findings.add('A_DIRTY', null, message)
  const { end } = file.superblock
  if (file.bytes <= end) return
  const message = `${file.bytes - end} bytes lie behind byte ${end}, where the file says that it ends: no program reads them; a writer that was killed leaves them, or a copy that went on too long`
  findings.addFinding({ level: 'hint', code: 'H_TAIL', message, object: null, offset: end })
}

async function readOrReport<T>(read: () => Promise<T>, findings: FindingList): Promise<T | undefined> {
  try {
    return await read()
  } catch (thrown) {
    if (!(thrown instanceof Hdf5Error)) throw thrown
    findings.addFinding(toFinding(thrown, '/'))
    return undefined
  }
}

function readBasinDefinitions(
  { file, pool, fallback }: Opened,
  structure: MeasurementStructure,
): Promise<Basins> {
  return readBasins(file, structure.basins.group, async (dataset) =>
    readLines(file.path, await DatasetReader.open(file, dataset, { pool, fallback })),
  )
}

interface EventSources {
  readonly metadata: RootMetadata
  readonly basins: Basins
  readonly file: FileReader
}

function settleEvents(
  structure: MeasurementStructure,
  { metadata, basins, file }: EventSources,
): number | null {
  const lengths = new Set(structure.lengths.map((entry) => entry.length))
  if (lengths.size > 1) return null
  const [common] = lengths
  const stated = metadata.get('experiment:event count')
  return countEvents(file.path, { common, stated, hasBasins: basins.definitions.length > 0 }).eventCount
}

/** What a writer has not put down yet is no damage, and its features do not agree before the last of them is written. */
const OF_WRITER: ReadonlySet<string> = new Set(['V_LENGTH', 'V_COUNT', 'A_COUNT'])

function tellGrowing(path: string, findings: readonly Finding[]): Finding[] {
  const isOfWriter = ({ level, code }: Finding): boolean => level === 'damage' || OF_WRITER.has(code)
  const count = findings.filter(isOfWriter).length
  const seen = count === 0 ? '' : `, and what is not complete now (${count} places) says nothing about it`
  const message = `${path} changed while it was read: it is still being written by another program${seen}; verify it again when that is done`
  const growing = { level: levelOf('E_GROWING'), code: 'E_GROWING', message, object: null }
  return [growing, ...findings.filter((finding) => !isOfWriter(finding))]
}
