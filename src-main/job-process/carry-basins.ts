import { basename } from 'node:path'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { findLostPaths } from '../read/basin-paths.ts'
import { listInternalFeatures, type BasinDefinition } from '../read/basins.ts'
import { isBasinmap } from '../read/feature-names.ts'
import type { Measurement } from '../read/measurement.ts'
import { findDefinition, noteDefinition } from '../write/basin-record.ts'
import { composeBasinText, nameBasin } from '../write/basin-text.ts'
import { CopiedObjects } from '../write/copied-objects.ts'
import { copyDataset } from '../write/copy-dataset.ts'
import { copyTree, type DatasetCopier } from '../write/copy-object.ts'
import type { CopyOptions } from '../write/copy-options.ts'
import { setDefaultFilterKwargs } from '../write/default-filters.ts'
import { HDF5Writer } from '../write/hdf5-writer.ts'
import { fromTypedArray } from '../write/nd-array.ts'
import { storeTextLines } from '../write/store-text-lines.ts'
import { VERSION } from '../version.ts'
import { composeBasinPaths } from './basin-paths-of-output.ts'
import { copyObject } from './copy-beside-events.ts'
import type { OutputTarget } from './output-target.ts'
import type { CarriedBasin } from './plan-basins.ts'
import type { RewritePlan } from './rewrite-plan.ts'
import { iterateRows, type RowSelection } from './row-selection.ts'

export interface BasinWork {
  readonly measurement: Measurement
  readonly plan: RewritePlan
  readonly output: FileWriter
  readonly target: OutputTarget
  readonly options: CopyOptions
  readonly disk: DiskPort
}

/**
 * Carries the input's basins over as planned: definitions as they are stored where nothing about them changes, the data of internal
 * ones, mappings to the selected rows, and relinked or lost paths. A definition that becomes equal to another one is stored once. The
 * rows of features, those of mappings too, are in the output already.
 */
export async function carryBasins(work: BasinWork): Promise<void> {
  const writer = await HDF5Writer.open(work.output, { dsKwds: work.options.dsKwds })
  await storeRowsMap(work, writer)
  await copyInternalData(work)
  const { left, carried, rowsMap, refersToSource } = work.plan.basins
  if (left !== undefined) {
    const changes = await listChanges(work, carried)
    await copyStored(work, changes)
    for (const change of changes) await storeChanged(writer, change, rowsMap?.name)
  }
  if (refersToSource) await storeDefinition(writer, await describeSource(work), rowsMap?.name)
}

async function storeRowsMap({ plan }: BasinWork, writer: HDF5Writer): Promise<void> {
  const { rowsMap } = plan.basins
  if (rowsMap?.isNew !== true) return
  await writer.storeFeatureChunk(rowsMap.name, fromTypedArray(listRowNumbers(plan.selection)))
}

function listRowNumbers(selection: RowSelection): BigUint64Array {
  const rows = new BigUint64Array(selection.count)
  let place = 0
  for (const row of iterateRows(selection)) rows[place++] = BigInt(row)
  return rows
}

async function copyInternalData({ measurement, plan, output, options: copying }: BasinWork): Promise<void> {
  // Their rows are not those of the events: what a feature shares with them is one object only where all rows go over.
  const options = plan.selection.isIdentity ? copying : { ...copying, copied: new CopiedObjects() }
  const { group, datasets, groups } = measurement.structure.basinEvents
  const { internalData } = plan.basins
  if (group === undefined) return
  if (internalData === 'all') {
    await copyObject(measurement, group, { group: output.root, name: 'basin_events' }, options)
    return
  }
  for (const object of [...datasets, ...groups]) {
    const name = object.path.slice(object.path.lastIndexOf('/') + 1)
    if (!internalData.includes(name)) continue
    await copyObject(measurement, object, { group: output.root.requireGroup('basin_events'), name }, options)
  }
}

type BasinFields = Readonly<Record<string, unknown>>

/** A carried definition that is not stored as the input has it. */
interface ChangedBasin {
  readonly key: string
  readonly fields: BasinFields
  readonly isMapped: boolean
}

async function listChanges(work: BasinWork, carried: readonly CarriedBasin[]): Promise<ChangedBasin[]> {
  const lost = await findLost(work, carried)
  return carried.flatMap(({ definition, isMapped }): ChangedBasin[] => {
    const { key, fields, paths } = definition
    const added = lost.get(definition) ?? []
    const isRelinked = work.measurement.basins.every((basin) => basin !== definition)
    if (!isMapped && !isRelinked && added.length === 0) return []
    const changed = added.length === 0 ? fields : { ...fields, paths: [...paths, ...added] }
    return [{ key, fields: changed, isMapped }]
  })
}

/**
 * A basin that is found by a relative path beside the source, but would not be found beside the output, gets the absolute path added.
 */
async function findLost(
  { measurement, target, options, disk }: BasinWork,
  carried: readonly CarriedBasin[],
): Promise<ReadonlyMap<BasinDefinition, readonly string[]>> {
  const definitions = carried.map(({ definition }) => definition)
  const places = { source: measurement.path, outputFolder: target.folder }
  const added = new Map<BasinDefinition, string[]>()
  for (const { basin, absolute } of await findLostPaths(disk, definitions, places)) {
    const paths = added.get(basin) ?? []
    if (!paths.includes(absolute)) paths.push(absolute)
    added.set(basin, paths)
  }
  for (const [{ name, key }, paths] of added) {
    const message = `the basin "${name ?? key}" is found beside the input and not beside the output; its absolute path was added (${paths.join(', ')})`
    const object = `/basins/${key}`
    options.reportWarning?.({ code: 'W_BASIN_PATH', message, path: measurement.path, object })
  }
  return added
}

/** The group `basins` without what is filled in and what is stored anew. */
async function copyStored(
  { measurement, plan, output, options: copying }: BasinWork,
  changes: readonly ChangedBasin[],
): Promise<void> {
  const { left = new Set<string>(), carried } = plan.basins
  const { group } = measurement.structure.basins
  const isLeftEmpty = left.size > 0 && group?.links.every(({ name }) => left.has(name)) === true
  if (group === undefined || isLeftEmpty) return
  const skipped = new Set([...left, ...changes.map(({ key }) => key)])
  const copier: DatasetCopier = async (file, dataset, target, options) => {
    const isTop = dataset.path === `${group.path}/${target.name}`
    if (isTop && skipped.has(target.name)) return undefined
    return copyDataset(file, dataset, target, { ...options, storage: 'as-stored' })
  }
  const stored = output.root.requireGroup('basins')
  await copyTree(measurement.file, group, stored, { ...copying, failures: 'leave-out', copyDataset: copier })
  for (const { definition } of carried) {
    const dataset = stored.child(definition.key)
    if (dataset?.kind === 'dataset') noteDefinition(dataset, definition.fields)
  }
}

/** Other rows make another basin, with a name of its own; other paths lead to the same one, which keeps its name. */
async function storeChanged(
  writer: HDF5Writer,
  change: ChangedBasin,
  rowsMap: string | undefined,
): Promise<void> {
  const { key, fields, isMapped } = change
  if (isMapped) await storeDefinition(writer, fields, rowsMap)
  else await storeFields(writer, { name: key, fields })
}

/** Under the name that dcnum gives it, unless there is one that says the same. `rowsMap` undefined: it has the rows of the output. */
async function storeDefinition(
  writer: HDF5Writer,
  given: BasinFields,
  rowsMap: string | undefined,
): Promise<void> {
  const fields = rowsMap === undefined ? given : { ...given, mapping: rowsMap }
  const basins = writer.h5.root.requireGroup('basins')
  if (findDefinition(basins, fields, (mapping) => mapping === (rowsMap ?? 'same')) !== undefined) return
  const name = nameBasin(composeBasinText(fields))
  if (basins.child(name) === undefined) await storeFields(writer, { name, fields })
}

async function storeFields(
  writer: HDF5Writer,
  { name, fields }: { readonly name: string; readonly fields: BasinFields },
): Promise<void> {
  const lines = composeBasinText(fields).split('\n')
  const dsKwds = setDefaultFilterKwargs(writer.dsKwds)
  const basins = writer.h5.root.requireGroup('basins')
  noteDefinition(await storeTextLines(basins, name, { lines, dsKwds }), fields)
}

/** dclab: an export with basins refers to its source too, by its absolute path and from where the output lies. */
async function describeSource({ measurement, target, disk }: BasinWork): Promise<BasinFields> {
  const { path, identifier, features, basins } = measurement
  const absolute = (await disk.resolveLinks(path)) ?? path
  const own = features.map(({ name }) => name).filter((name) => !isBasinmap(name))
  return {
    description: `The input of a rewrite with weir ${VERSION}`,
    name: basename(path),
    format: 'hdf5',
    paths: await composeBasinPaths(disk, [absolute], { folder: target.folder, style: 'both' }),
    type: 'file',
    identifier,
    features: [...new Set([...own, ...listInternalFeatures(basins)])].sort(),
  }
}
