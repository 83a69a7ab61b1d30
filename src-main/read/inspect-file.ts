import { WeirError } from '../errors.ts'
import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { elementCount } from '../hdf5/model.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { describeBasins } from './basin-paths.ts'
import type { BasinDescription } from './basin-paths.ts'
import { readBasins } from './basins.ts'
import { countEvents, findCommonLength } from './event-count.ts'
import { H5wasmFallback } from './h5wasm-fallback.ts'
import { describeDataset, describeFeature } from './inspect-dataset.ts'
import type { FeatureReport } from './inspect-dataset.ts'
import { toJsonValue } from './json-value.ts'
import type { JsonValue } from './json-value.ts'
import { makeWarning } from './make-warning.ts'
import { lookUpAttribute, readStructure } from './measurement-structure.ts'
import type { MeasurementStructure } from './measurement-structure.ts'
import { readLines } from './read-lines.ts'

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

/**
 * Describes a file without reading its features. What is damaged is missing from the report and named in a warning with its error's code.
 *
 * Throws what FileReader throws for files that are no HDF5 or cannot be opened, E_NOT_RTDC without a group `/events`.
 */
export async function inspectFile(disk: DiskPort, path: string): Promise<FileReport> {
  const file = await FileReader.open(disk, path)
  try {
    const structure = await readStructure(file)
    const warnings: Warning[] = [
      ...structure.warnings,
      ...structure.damaged.map((one) => toWarning(one.error)),
    ]
    const basins = await readBasinDefinitions(file, structure)
    for (const warning of basins.warnings) warnings.push(warning)
    const events = settleEvents(file.path, { structure, hasBasins: basins.definitions.length > 0 }, warnings)
    const features = await describeFeatures(file, structure, warnings)
    return {
      path,
      bytes: file.bytes,
      events,
      identifier: structure.identifier,
      attributes: describeAttributes(file.path, structure, warnings),
      features,
      logs: structure.logs.datasets.map(describeLog),
      tables: structure.tables.datasets.map(describeTable),
      basins: await describeBasins(disk, path, basins.definitions),
      otherGroups: structure.otherObjects.map((object) => nameOf(object.path)),
      warnings,
    }
  } finally {
    await file.close()
  }
}

/** Error of a damaged part, as a warning beside the report of the rest. */
function toWarning(error: WeirError): Warning {
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
    const common = findCommonLength(path, structure.lengths)
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
): Promise<FeatureReport[]> {
  const reports: FeatureReport[] = []
  for (const feature of structure.features) {
    try {
      for (const report of await describeFeature(file, feature)) reports.push(report)
    } catch (thrown) {
      warnings.push(toWarning(requireKnown(thrown)))
    }
  }
  return reports
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
  for (const { name, reason } of root.refused) {
    warnings.push(
      makeWarning(path, '/', {
        code: 'W_ATTRIBUTE',
        what: `the attribute '${name}' cannot be read: ${reason}`,
      }),
    )
  }
  // An attribute may be named '__proto__'; built this way it is one like the others.
  return Object.fromEntries(values)
}

/** Passes on mistakes of Weir itself. */
function requireKnown(thrown: unknown): WeirError {
  if (thrown instanceof WeirError && thrown.tag !== 'Internal') return thrown
  throw thrown
}

function describeLog(dataset: StoredDataset): LogReport {
  return { name: nameOf(dataset.path), lineCount: elementCount(dataset.dataspace) }
}

function describeTable(dataset: StoredDataset): TableReport {
  const { datatype } = dataset
  const columns = datatype.class === 'compound' ? datatype.members.map((member) => member.name) : null
  return { name: nameOf(dataset.path), shape: describeDataset(dataset).shape ?? [], columns }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
