import { shapeOf } from '../hdf5/model.ts'
import type { DatasetWriter, FileWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import { objectOf, type ContourFeature } from '../read/feature-info.ts'
import type { Measurement } from '../read/measurement.ts'
import { copyAttributes } from '../write/copy-attributes.ts'
import { copyDataset } from '../write/copy-dataset.ts'
import { copyMappedRows } from '../write/copy-mapped-rows.ts'
import { copyTree, type DatasetCopier } from '../write/copy-object.ts'
import type { CopyOptions } from '../write/copy-options.ts'
import { copyObject } from './copy-beside-events.ts'
import type { FeatureStorage } from './plan-storage.ts'
import type { RewritePlan, RowFeature } from './rewrite-plan.ts'
import { iterateRows, listRows } from './row-selection.ts'

/** Rows that are put in order at a time where they are of one length. */
const SLAB_BYTES = 8 * 2 ** 20

export interface FeaturePreparation {
  readonly measurement: Measurement
  readonly plan: RewritePlan
  /** How each feature is stored, by its name. */
  readonly storages: ReadonlyMap<string, FeatureStorage>
  readonly output: FileWriter
  readonly options: CopyOptions
}

/**
 * Makes the group `events` with all its groups and empty datasets, attributes as in the source, so that the slabs of events
 * can flow; what does not count in events is copied now.
 */
export async function prepareFeatures(preparation: FeaturePreparation): Promise<Map<string, DatasetWriter>> {
  const { measurement, plan, output, options } = preparation
  const events = output.root.requireGroup('events')
  copyAttributes(measurement.events, events, { path: measurement.path, reportWarning: options.reportWarning })
  const made = new Map<string, DatasetWriter>()
  for (const feature of plan.rowFeatures) {
    const group = requireParent(preparation, events, feature)
    const name = feature.name.slice(feature.name.lastIndexOf('/') + 1)
    made.set(feature.name, createRowDataset({ group, name, feature, preparation }))
  }
  for (const { feature, of } of plan.linkedFeatures) {
    const group = requireParent(preparation, events, feature)
    const name = feature.name.slice(feature.name.lastIndexOf('/') + 1)
    group.addHardLink(name, made.get(of)!)
  }
  for (const feature of plan.heapFeatures) await copyHeapFeature(preparation, events, feature)
  for (const feature of plan.wholeFeatures) {
    if (!plan.selection.isIdentity && feature.kind === 'group') warnOfWholeGroup(preparation, feature.path)
    await copyObject(measurement, objectOf(feature), { group: events, name: feature.name }, options)
  }
  if (plan.contour !== undefined) await copyContours(preparation, plan.contour, events)
  return made
}

/** The group of a feature such as `trace/fl1_raw`, with the attributes that it has in the source. */
function requireParent(
  { options }: FeaturePreparation,
  events: GroupWriter,
  { name, group: source, source: { path } }: RowFeature,
): GroupWriter {
  const slash = name.indexOf('/')
  if (slash < 0) return events
  const groupName = name.slice(0, slash)
  const existing = events.child(groupName)
  if (existing?.kind === 'group') return existing
  const group = events.requireGroup(groupName)
  if (source !== undefined) copyAttributes(source, group, { path, reportWarning: options.reportWarning })
  return group
}

interface RowDataset {
  readonly group: GroupWriter
  readonly name: string
  readonly feature: RowFeature
  readonly preparation: FeaturePreparation
}

function createRowDataset({ group, name, feature, preparation }: RowDataset): DatasetWriter {
  const { measurement, storages, options } = preparation
  const { dataset, source } = feature
  const { datatype, dataspace, fillValue } = dataset
  const [length = 0, ...itemShape] = shapeOf(dataspace)
  const { way, filters, encoder } = storages.get(feature.name)!
  const made = group.createDataset(name, {
    datatype,
    // Chunks that are kept come in any order, so their place must be there already.
    shape: [way.kind === 'as-stored' ? length : 0, ...itemShape],
    maxShape: [null, ...itemShape],
    storage: {
      kind: 'chunked',
      chunkShape: way.chunkShape,
      filters,
      encoder,
      fitsRows: way.kind !== 'as-stored',
    },
    ...(fillValue && { fillValue }),
  })
  copyAttributes(dataset, made, { path: source.path, reportWarning: options.reportWarning })
  // Addresses of other files say nothing here, and data of internal basins have rows of their own.
  const isOwn = source === measurement && dataset.path.startsWith('/events/')
  if (isOwn) options.copied?.remember(dataset.address, made)
  return made
}

/** For contours: one chunk each, however the source stores them. */
export const copyContour: DatasetCopier = (file, dataset, target, options) =>
  copyDataset(file, dataset, target, { ...options, storage: 'single' })

/** Text, sequences, what has such parts, and rows of 0 bytes: the selected rows at once. */
async function copyHeapFeature(
  preparation: FeaturePreparation,
  events: GroupWriter,
  feature: RowFeature,
): Promise<void> {
  const { measurement, options } = preparation
  const { source, dataset, rows } = feature
  const group = requireParent(preparation, events, feature)
  const target = { group, name: feature.name.slice(feature.name.lastIndexOf('/') + 1) }
  const isOwn = source === measurement && dataset.path.startsWith('/events/')
  const copying = isOwn ? options : { ...options, copied: undefined, fallback: source.fallback }
  if (rows.isIdentity) {
    await copyDataset(source.file, dataset, target, { ...copying, storage: 'as-stored' })
    return
  }
  const mapping = { rows: listRows(rows), isAscending: false, slabBytes: SLAB_BYTES }
  await copyMappedRows(source.file, dataset, target, { ...copying, mapping })
}

/** Spec: one dataset an event, named by its position; on a selection they are numbered anew. */
async function copyContours(
  preparation: FeaturePreparation,
  { feature, source, rows }: NonNullable<RewritePlan['contour']>,
  events: GroupWriter,
): Promise<void> {
  const { measurement, options } = preparation
  const group = events.requireGroup('contour')
  const copying = { ...options, fallback: source.fallback }
  if (rows.isIdentity) {
    const fresh = { ...copying, copied: undefined }
    const own = source === measurement ? options : fresh
    await copyTree(source.file, feature.group, group, { ...own, copyDataset: copyContour })
    return
  }
  await copyContourRows(feature, group, { source, rows: iterateRows(rows), options: copying })
}

interface ContourRows {
  readonly source: Measurement
  readonly rows: Iterable<number>
  readonly options: CopyOptions
}

/** Contours of some rows, numbered anew. */
async function copyContourRows(
  feature: ContourFeature,
  group: GroupWriter,
  { source, rows, options }: ContourRows,
): Promise<void> {
  copyAttributes(feature.group, group, { path: source.path, reportWarning: options.reportWarning })
  // Several events may have one contour: each gets a dataset of its own.
  const copying = { ...options, copied: undefined }
  let position = 0
  for await (const dataset of source.readContours(feature, rows)) {
    await copyContour(source.file, dataset, { group, name: String(position++) }, copying)
  }
}

function warnOfWholeGroup({ measurement, options }: FeaturePreparation, object: string): void {
  const message = `${object} is not known to hold one row an event; it is copied whole although events were selected`
  options.reportWarning?.({ code: 'W_GROUP', message, path: measurement.path, object })
}
