import type { Warning } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import { joinPath } from '../hdf5/reading/file-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup, StoredObject } from '../hdf5/reading/stored-object.ts'
import { readChild, readChildren } from './children.ts'
import type { Children } from './children.ts'
import type {
  ContourFeature,
  DamagedObject,
  DatasetFeature,
  FeatureInfo,
  LeftOutObject,
} from './feature-info.ts'
import { makeWarning } from './make-warning.ts'

/** What the group `events` holds. */
export interface EventFeatures {
  /** In the order of the file's names (byte order). */
  readonly features: readonly FeatureInfo[]
  readonly leftOut: readonly LeftOutObject[]
  readonly damaged: readonly DamagedObject[]
  readonly warnings: readonly Warning[]
}

/** Collects while the group is walked. */
interface Collection {
  readonly file: FileReader
  readonly features: FeatureInfo[]
  readonly leftOut: LeftOutObject[]
  readonly damaged: DamagedObject[]
  readonly warnings: Warning[]
}

/** Reads the structure of `events`: every object header in it, no values, no single contours. Throws nothing for what a file may hold. */
export async function readFeatures(file: FileReader, events: StoredGroup): Promise<EventFeatures> {
  const found: Collection = { file, features: [], leftOut: [], damaged: [], warnings: [] }
  const above = new Set([events.address, file.rootAddress])
  for (const link of events.links) {
    const child = await readChild(file, events, link)
    if (child.kind === 'left-out') found.leftOut.push(child.leftOut)
    else if (child.kind === 'damaged') found.damaged.push(child.damaged)
    else if (above.has(child.object.address)) found.leftOut.push(leaveOutCycle(file, child.object.path))
    else await addObject(found, child.name, child.object)
  }
  return found
}

function leaveOutCycle(file: FileReader, path: string): LeftOutObject {
  const what = 'is a group that holds itself; it is listed once and not followed'
  return { path, warning: makeWarning(file.path, path, { code: 'W_LINK', what }) }
}

/** `name` as features are named: `trace`, and `trace/notes` for what lies in it and is no trace. */
async function addObject(found: Collection, name: string, object: StoredObject): Promise<void> {
  if (object.kind === 'dataset') found.features.push(makeDatasetFeature(name, object))
  else if (object.kind === 'datatype') return
  else if (name === 'contour') found.features.push(makeContourFeature(found, object))
  else if (name === 'trace') await addTrace(found, object)
  else await addUnknownGroup(found, name, object)
}

async function addUnknownGroup(found: Collection, name: string, group: StoredGroup): Promise<void> {
  const objects = await collectChildren(found, group)
  const datasets = objects.map((child) => child.object).filter((object) => object.kind === 'dataset')
  found.features.push({ kind: 'group', name, path: group.path, group, datasets, length: null })
}

/** What lies in `trace` and is no trace is kept under its own name, so that it is carried too. */
async function addTrace(found: Collection, group: StoredGroup): Promise<void> {
  const datasets: StoredDataset[] = []
  for (const { name, object } of await collectChildren(found, group)) {
    if (object.kind === 'dataset' && shapeOf(object.dataspace).length > 0) datasets.push(object)
    else await addObject(found, `trace/${name}`, object)
  }
  const length = lengthOf(datasets[0])
  found.features.push({ kind: 'trace', name: 'trace', path: group.path, group, datasets, length })
}

async function collectChildren(found: Collection, group: StoredGroup): Promise<Children['objects']> {
  const { objects, leftOut, damaged } = await readChildren(found.file, group)
  for (const one of leftOut) found.leftOut.push(one)
  for (const one of damaged) found.damaged.push(one)
  return objects
}

function makeDatasetFeature(name: string, dataset: StoredDataset): DatasetFeature {
  const rank = shapeOf(dataset.dataspace).length
  const kind = rank === 0 ? 'other' : rank === 1 ? 'scalar' : 'nd'
  return { kind, name, path: dataset.path, datasets: [dataset], length: lengthOf(dataset) }
}

function makeContourFeature({ file, warnings }: Collection, group: StoredGroup): ContourFeature {
  const count = group.links.length
  const stray = group.links.find((link) => !isIndexName(link.name, count))
  if (stray !== undefined) {
    const what = `is one of ${count} contours, which should be named '0' to '${count - 1}'`
    warnings.push(makeWarning(file.path, joinPath(group.path, stray.name), { code: 'W_CONTOUR', what }))
  }
  return { kind: 'contour', name: 'contour', path: group.path, group, length: count === 0 ? null : count }
}

/** Is this the name of one of `count` things named "0", "1", ...? */
export function isIndexName(name: string, count: number): boolean {
  return /^(0|[1-9]\d{0,15})$/.test(name) && Number(name) < count
}

function lengthOf(dataset: StoredDataset | undefined): number | null {
  return dataset === undefined ? null : (shapeOf(dataset.dataspace)[0] ?? null)
}
