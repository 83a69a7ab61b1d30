import { InvalidInput, WeirError } from '../errors.ts'
import type { Warning } from '../errors.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import { readChildren } from './children.ts'
import type { Children } from './children.ts'
import type { DamagedObject, FeatureInfo, LeftOutObject } from './feature-info.ts'
import { findIdentifier } from './identifier.ts'
import { listLengths, setAsideEmpty } from './event-count.ts'
import type { FeatureLength } from './event-count.ts'
import { makeWarning } from './make-warning.ts'
import { readFeatures } from './read-features.ts'

/** Groups of the root that the format defines. */
const SECTION_NAMES = ['events', 'logs', 'tables', 'basins', 'basin_events'] as const
type SectionName = (typeof SECTION_NAMES)[number]

/** One of the groups beside `events`: its datasets and whatever else it holds. */
export interface Section {
  /** Undefined: the file has no such group. */
  readonly group: StoredGroup | undefined
  readonly datasets: readonly StoredDataset[]
  /** Groups inside, which the format does not foresee; carried whole. */
  readonly groups: readonly StoredGroup[]
  readonly leftOut: readonly LeftOutObject[]
  readonly damaged: readonly DamagedObject[]
}

/** Everything about a measurement that can be known without reading a value. */
export interface MeasurementStructure {
  readonly root: StoredGroup
  readonly events: StoredGroup
  readonly features: readonly FeatureInfo[]
  readonly lengths: readonly FeatureLength[]
  readonly logs: Section
  readonly tables: Section
  readonly basins: Section
  readonly basinEvents: Section
  /** Children of the root that the format does not define; carried whole. */
  readonly otherObjects: readonly (StoredDataset | StoredGroup)[]
  readonly identifier: string | null
  readonly leftOut: readonly LeftOutObject[]
  readonly damaged: readonly DamagedObject[]
  readonly warnings: readonly Warning[]
}

/**
 * Reads the structure of a measurement; no values, no single contours. Damaged objects are collected, not thrown.
 *
 * Throws InvalidInput E_NOT_RTDC if there is no group `/events`, and what reading the root or `/events` throws.
 */
export async function readStructure(file: FileReader): Promise<MeasurementStructure> {
  const root = await file.root()
  const beside = await readChildren(file, root)
  const events = requireEvents(file, beside)
  const found = await readFeatures(file, events)
  const settled = setAsideEmpty(file.path, found.features)
  const logs = await readSection(file, beside, 'logs')
  const tables = await readSection(file, beside, 'tables')
  const basins = await readSection(file, beside, 'basins')
  const basinEvents = await readSection(file, beside, 'basin_events')
  const sections = [logs, tables, basins, basinEvents]
  const others = sortOthers(file, root, beside)
  const leftOut = [
    ...beside.leftOut,
    ...others.leftOut,
    ...found.leftOut,
    ...sections.flatMap((one) => one.leftOut),
  ]
  return {
    root,
    events,
    features: settled.features,
    lengths: listLengths(settled.features),
    logs,
    tables,
    basins,
    basinEvents,
    otherObjects: others.objects,
    identifier: findIdentifier((name) => lookUpAttribute(root, name)),
    leftOut,
    damaged: [...beside.damaged, ...found.damaged, ...sections.flatMap((one) => one.damaged)],
    warnings: [
      ...file.warnings,
      ...leftOut.map((left) => left.warning),
      ...found.warnings,
      ...settled.warnings,
    ],
  }
}

/** Value of an attribute; undefined if it is absent or cannot be understood. */
export function lookUpAttribute(
  object: StoredGroup | StoredDataset,
  name: string,
): AttributeValue | undefined {
  const attribute = object.attributes.find((one) => one.name === name)
  if (attribute === undefined) return undefined
  try {
    return readAttributeValue(attribute)
  } catch (thrown) {
    if (thrown instanceof WeirError && thrown.tag !== 'Internal') return undefined
    throw thrown
  }
}

function requireEvents(file: FileReader, children: Children): StoredGroup {
  const damaged = children.damaged.find((one) => one.path === '/events')
  if (damaged !== undefined) throw damaged.error
  const events = children.objects.find((child) => child.name === 'events')?.object
  if (events?.kind === 'group') return events
  throw new InvalidInput(
    'E_NOT_RTDC',
    `${file.path} is an HDF5 file, but no RT-DC file: the group /events is missing`,
    {
      path: file.path,
      object: '/events',
    },
  )
}

/** A section that is a dataset, not a group, is none: it is among the other objects. */
async function readSection(file: FileReader, besideEvents: Children, name: SectionName): Promise<Section> {
  const group = besideEvents.objects.find((child) => child.name === name)?.object
  if (group?.kind !== 'group') return { group: undefined, datasets: [], groups: [], leftOut: [], damaged: [] }
  const { objects, leftOut, damaged } = await readChildren(file, group)
  const children = objects.map((child) => child.object)
  return {
    group,
    datasets: children.filter((one) => one.kind === 'dataset'),
    groups: children.filter((one) => one.kind === 'group'),
    leftOut,
    damaged,
  }
}

type Others = Pick<MeasurementStructure, 'leftOut'> & {
  readonly objects: readonly (StoredDataset | StoredGroup)[]
}

/** Children of the root that the format does not define, but for the root itself. */
function sortOthers(file: FileReader, root: StoredGroup, children: Children): Others {
  const objects = children.objects
    .filter(({ name, object }) => !(isSectionName(name) && object.kind === 'group'))
    .map((child) => child.object)
  const isRoot = (object: StoredDataset | StoredGroup): boolean => object.address === root.address
  const what = 'is the root group itself; it is listed once and not followed'
  const leftOut = objects.filter(isRoot).map(({ path }): LeftOutObject => {
    return { path, warning: makeWarning(file.path, path, { code: 'W_LINK', what }) }
  })
  return { objects: objects.filter((object) => !isRoot(object)), leftOut }
}

function isSectionName(name: string): boolean {
  return (SECTION_NAMES as readonly string[]).includes(name)
}
