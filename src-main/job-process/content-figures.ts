import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import type { StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { ContentFigures } from '../jobs/job-report.ts'
import type { FeatureInfo } from '../read/feature-info.ts'
import { isBasinmap } from '../read/feature-names.ts'
import { describeFeature, sumStoredBytes } from '../read/inspect-dataset.ts'
import type { Measurement } from '../read/measurement.ts'

/** More names are no help to anybody. */
const MOST_NAMES = 200

export interface WrittenContent {
  readonly measurement: Measurement
  readonly output: FileWriter
  /** Events in the output. */
  readonly events: number
}

/**
 * Compares what is in the output with what is in its input: by the names that are there, whatever the reason for what is not. Only
 * where something is missing are bytes summed up, for that takes the indexes of all chunks.
 */
export async function compareContent(content: WrittenContent): Promise<ContentFigures> {
  const { measurement, output, events } = content
  const { structure } = measurement
  const inputNames = structure.events.links.map(({ name }) => name).filter((name) => !isBasinmap(name))
  const written = new Set(listNames(output, 'events').filter((name) => !isBasinmap(name)))
  const leftOut = inputNames.filter((name) => !written.has(name))
  const copiedIn = [...written].filter((name) => !inputNames.includes(name)).length
  return {
    inputEvents: measurement.eventCount,
    features: { kept: inputNames.length - leftOut.length, total: inputNames.length },
    copiedIn,
    leftOut: leftOut.slice(0, MOST_NAMES).map((name) => name.slice(0, 200)),
    logs: countKept(structure.logs.group, listNames(output, 'logs')),
    tables: countKept(structure.tables.group, listNames(output, 'tables')),
    basins: countBasins(structure.basins.group, listNames(output, 'basins')),
    leftOutBytes: await sumLeftOut(content, new Set(leftOut), events),
  }
}

type Kept = ContentFigures['logs']

/** The log of the job itself is none of the input's. */
function countKept(group: StoredGroup | undefined, written: readonly string[]): Kept {
  const names = group?.links.map(({ name }) => name) ?? []
  return { kept: names.filter((name) => written.includes(name)).length, total: names.length }
}

/** One that was written anew has another name: how many there are counts, not which. */
function countBasins(group: StoredGroup | undefined, written: readonly string[]): Kept {
  const total = group?.links.length ?? 0
  return { kept: Math.min(total, written.length), total }
}

function listNames(output: FileWriter, path: string): readonly string[] {
  const group = output.root.child(path)
  return group?.kind === 'group' ? group.childNames() : []
}

/** Bytes that what is not in the output takes in the input; of chosen events the share of all. Null: not summed up. */
async function sumLeftOut(
  { measurement, output }: WrittenContent,
  leftOut: ReadonlySet<string>,
  events: number,
): Promise<number | null> {
  const { eventCount, features, file } = measurement
  const share = eventCount === 0 ? 1 : Math.min(1, events / eventCount)
  let bytes = 0
  for (const feature of features.filter(({ name }) => !isBasinmap(name))) {
    const lostShare = leftOut.has(feature.name) ? 1 : feature.length === null ? 0 : 1 - share
    if (lostShare === 0) continue
    const stored = await sumFeature(measurement, feature)
    if (stored === null) return null
    bytes += stored * lostShare
  }
  for (const [name, datasets] of [
    ['logs', measurement.logs],
    ['tables', measurement.tables],
  ] as const) {
    if (listNames(output, name).length > 0) continue
    for (const dataset of datasets) bytes += await sumStoredBytes(file, dataset)
  }
  return Math.round(bytes)
}

async function sumFeature({ file }: Measurement, feature: FeatureInfo): Promise<number | null> {
  const reports = await describeFeature(file, feature)
  const sizes = reports.map(({ storedBytes }) => storedBytes)
  return sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0)
}
