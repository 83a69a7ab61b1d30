import { WeirError } from '../errors.ts'
import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { elementCount } from '../hdf5/model.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import { describeBasins } from './basin-paths.ts'
import type { BasinDescription } from './basin-paths.ts'
import { readBasins } from './basins.ts'
import type { BasinDefinition } from './basins.ts'
import { adviseToLeaveOut, refuseUnequal } from './common-rows.ts'
import { countEvents } from './event-count.ts'
import type { FeatureInfo } from './feature-info.ts'
import { FileWatch } from './file-watch.ts'
import { H5wasmFallback } from './h5wasm-fallback.ts'
import { describeDataset, describeFeature } from './inspect-dataset.ts'
import { inspectGrowing } from './inspect-growing.ts'
import type { FeatureReport } from './inspect-dataset.ts'
import { toJsonValue } from './json-value.ts'
import type { JsonValue } from './json-value.ts'
import { makeWarning } from './make-warning.ts'
import { lookUpAttribute, readStructure } from './measurement-structure.ts'
import type { MeasurementStructure } from './measurement-structure.ts'
import { readLines } from './read-lines.ts'
import { addStoredPlans } from './stored-plans.ts'

/** What `weir inspect --json` prints: plain JSON, no value that JSON cannot hold. */
export interface FileReport {
  readonly path: string
  /** Size of the file. */
  readonly bytes: number
  /** Null: the features do not agree (see the warning E_LEN). */
  readonly events: number | null
  readonly identifier: string | null
  /** Root attributes by their name `section:key`. 64-bit integers beyond 2^53 are decimal text; NaN and infinities are 'NaN', 'Infinity', '-Infinity'. */
  readonly attributes: Readonly<Record<string, JsonValue>>
  /** Everything in `events`; each trace has an entry of its own (`trace/fl1_raw`), all contours together have one. */
  readonly features: readonly FeatureReport[]
  readonly logs: readonly LogReport[]
  readonly tables: readonly TableReport[]
  readonly basins: readonly BasinDescription[]
  /** Names of what else lies in the root. */
  readonly otherGroups: readonly string[]
  readonly warnings: readonly Warning[]
}

export interface LogReport {
  readonly name: string
  readonly lineCount: number
}

export interface TableReport {
  readonly name: string
  readonly shape: readonly number[]
  /** Names of the columns of a compound table; null: a plain array. */
  readonly columns: readonly string[] | null
}

/** What can be said of a file without reading its features, looking at another file or turning attributes into values. */
export interface FileInspection extends Pick<
  FileReport,
  'bytes' | 'events' | 'identifier' | 'otherGroups' | 'warnings'
> {
  readonly structure: MeasurementStructure
  readonly features: readonly InspectedFeature[]
  readonly basins: readonly BasinDefinition[]
}

/** A feature with its reports: one, but for a group that has one for each child. */
export interface InspectedFeature {
  readonly feature: FeatureInfo
  readonly reports: readonly FeatureReport[]
}

/**
 * Describes a file without reading its features. What is damaged is missing from the report and named in a warning with its error's code.
 *
 * Throws what FileReader throws for files that are no HDF5 or cannot be opened, E_NOT_RTDC without a group `/events`.
 */
export async function inspectFile(disk: DiskPort, path: string): Promise<FileReport> {
  const look = async (file: FileReader, { structure, features }: FileInspection) => {
    const reports = features.flatMap((one) => one.reports)
    return { reports: await addStoredPlans(file, structure.logs.datasets, reports) }
  }
  const { structure, reports, basins, ...rest } = await inspectAnd(disk, path, look)
  const warnings = [...rest.warnings]
  return {
    path,
    bytes: rest.bytes,
    events: rest.events,
    identifier: rest.identifier,
    attributes: describeAttributes(path, structure, warnings),
    features: reports,
    logs: structure.logs.datasets.map(describeLog),
    tables: structure.tables.datasets.map(describeTable),
    basins: await describeBasins(disk, path, basins),
    otherGroups: rest.otherGroups,
    warnings,
  }
}

/** The part of `inspectFile` that reads neither other files nor logs. One that is still being written is read until what is seen fits together. */
export function inspectContents(disk: DiskPort, path: string): Promise<FileInspection> {
  return inspectAnd(disk, path, () => Promise.resolve({}))
}

function inspectAnd<More extends object>(
  disk: DiskPort,
  path: string,
  look: (file: FileReader, inspection: FileInspection) => Promise<More>,
): Promise<FileInspection & More> {
  return inspectGrowing(new FileWatch(disk, path), async () => {
    const file = await FileReader.open(disk, path)
    try {
      const inspection = await inspectOpenFile(file)
      return { ...inspection, ...(await look(file, inspection)) }
    } finally {
      await file.close()
    }
  })
}

/** Throws E_NOT_RTDC and what reading the root or `/events` throws. */
export async function inspectOpenFile(file: FileReader): Promise<FileInspection> {
  const structure = await readStructure(file)
  const warnings: Warning[] = [...structure.warnings, ...structure.damaged.map((one) => toWarning(one.error))]
  const basins = await readBasinDefinitions(file, structure)
  for (const warning of basins.warnings) warnings.push(warning)
  const events = settleEvents(file.path, { structure, hasBasins: basins.definitions.length > 0 }, warnings)
  const features = await describeFeatures(file, structure, warnings)
  return {
    structure,
    bytes: file.bytes,
    events,
    identifier: structure.identifier,
    features,
    basins: basins.definitions,
    otherGroups: structure.otherObjects.map((object) => nameOf(object.path)),
    warnings,
  }
}

/** Error of a damaged part, as a warning beside the report of the rest. */
export function toWarning(error: WeirError): Warning {
  return { code: error.code, message: error.message, path: error.path ?? '', object: error.object }
}

async function readBasinDefinitions(
  file: FileReader,
  structure: MeasurementStructure,
): ReturnType<typeof readBasins> {
  if (structure.basins.group === undefined) return { definitions: [], invalid: [], warnings: [] }
  const pool = createFilterPool({ threads: 1 })
  const fallback = new H5wasmFallback(file.path)
  try {
    return await readBasins(file, structure.basins.group, async (dataset) =>
      readLines(file.path, await DatasetReader.open(file, dataset, { pool, fallback })),
    )
  } finally {
    await fallback.close()
    await pool.close()
  }
}

function settleEvents(
  path: string,
  sources: { readonly structure: MeasurementStructure; readonly hasBasins: boolean },
  warnings: Warning[],
): number | null {
  const { structure, hasBasins } = sources
  try {
    refuseUnequal(path, structure.lengths, adviseToLeaveOut)
    const common = structure.lengths[0]?.length
    const stated = lookUpAttribute(structure.root, 'experiment:event count')
    const counted = countEvents(path, { common, stated, hasBasins })
    warnings.push(...counted.warnings)
    return counted.eventCount
  } catch (thrown) {
    warnings.push(toWarning(requireKnown(thrown)))
    return null
  }
}

async function describeFeatures(
  file: FileReader,
  structure: MeasurementStructure,
  warnings: Warning[],
): Promise<InspectedFeature[]> {
  const inspected: InspectedFeature[] = []
  for (const feature of structure.features) {
    try {
      const reportProblem = (error: WeirError): void => void warnings.push(toWarning(error))
      inspected.push({ feature, reports: await describeFeature(file, feature, reportProblem) })
    } catch (thrown) {
      warnings.push(toWarning(requireKnown(thrown)))
    }
  }
  return inspected
}

function describeAttributes(
  path: string,
  structure: MeasurementStructure,
  warnings: Warning[],
): Record<string, JsonValue> {
  const { root } = structure
  const values: [string, JsonValue][] = []
  for (const attribute of root.attributes) {
    try {
      values.push([attribute.name, toJsonValue(readAttributeValue(attribute))])
    } catch (thrown) {
      warnings.push(toWarning(requireKnown(thrown)))
    }
  }
  for (const warning of warnAboutRefused(path, root)) warnings.push(warning)
  // An attribute may be named '__proto__'; built this way it is one like the others.
  return Object.fromEntries(values)
}

/** One W_ATTRIBUTE for each attribute that cannot be read. */
export function warnAboutRefused(path: string, object: StoredGroup): Warning[] {
  return object.refused.map(({ name, reason }) =>
    makeWarning(path, object.path, {
      code: 'W_ATTRIBUTE',
      what: `the attribute '${name}' cannot be read: ${reason}`,
    }),
  )
}

/** Passes on mistakes of Weir itself. */
export function requireKnown(thrown: unknown): WeirError {
  if (thrown instanceof WeirError && thrown.tag !== 'Internal') return thrown
  throw thrown
}

export function describeLog(dataset: StoredDataset): LogReport {
  return { name: nameOf(dataset.path), lineCount: elementCount(dataset.dataspace) }
}

export function describeTable(dataset: StoredDataset): TableReport {
  const { datatype } = dataset
  const columns = datatype.class === 'compound' ? datatype.members.map((member) => member.name) : null
  return { name: nameOf(dataset.path), shape: describeDataset(dataset).shape ?? [], columns }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
