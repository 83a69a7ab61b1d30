import { InvalidInput } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import { joinPath, type FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { GroupWriter } from '../hdf5/writing/file-writer.ts'
import { readChildren } from '../read/children.ts'
import { readContours } from '../read/read-contours.ts'
import { copyAttributes } from './copy-attributes.ts'
import { copyMappedRows, type CopyMappedOptions } from './copy-mapped-rows.ts'
import type { DatasetCopier } from './copy-object.ts'
import type { CopyOptions } from './copy-options.ts'
import { requireRows, type RowMapping } from './row-mapping.ts'

interface Trace {
  readonly name: string
  readonly dataset: StoredDataset
}

/** A feature whose rows can be mapped: all was looked at, nothing written. */
export type MappedFeature =
  | { readonly kind: 'dataset'; readonly feat: string; readonly source: StoredDataset }
  | {
      readonly kind: 'trace'
      readonly feat: string
      readonly source: StoredGroup
      readonly traces: readonly Trace[]
    }
  | { readonly kind: 'contour'; readonly feat: string; readonly source: StoredGroup }

/**
 * Finds out how rows of a feature are mapped.
 * Throws InvalidInput: E_RANGE for an entry of the mapping without a row, E_TYPE for what has no rows: scalars and groups other than `trace`
 * and `contour`.
 */
export async function planMappedFeature(
  src: FileReader,
  feat: string,
  source: StoredDataset | StoredGroup,
  options: CopyMappedOptions,
): Promise<MappedFeature> {
  if (source.kind === 'dataset') {
    requireRowsOf(src, source, options.mapping)
    return { kind: 'dataset', feat, source }
  }
  if (feat === 'contour') {
    requireContours(src, source, options.mapping)
    return { kind: 'contour', feat, source }
  }
  if (feat !== 'trace') throw refuseGroup(src, source.path)
  return { kind: 'trace', feat, source, traces: await listTraces(src, source, options) }
}

async function listTraces(
  src: FileReader,
  source: StoredGroup,
  { mapping, reportWarning }: CopyMappedOptions,
): Promise<Trace[]> {
  const { objects, leftOut, damaged } = await readChildren(src, source)
  if (damaged[0]) throw damaged[0].error
  for (const { warning } of leftOut) reportWarning?.(warning)
  return objects.map(({ name, object }) => {
    if (object.kind === 'group') throw refuseGroup(src, object.path)
    requireRowsOf(src, object, mapping)
    return { name, dataset: object }
  })
}

function requireRowsOf(src: FileReader, dataset: StoredDataset, mapping: RowMapping): void {
  const [rowCount] = shapeOf(dataset.dataspace)
  const place = { path: src.path, object: dataset.path }
  if (rowCount !== undefined) {
    requireRows(mapping, rowCount, place)
    return
  }
  const message = `${src.path}: ${dataset.path} has no rows to be mapped; leave it out or copy without a mapping`
  throw new InvalidInput('E_TYPE', message, place)
}

/** Spec: one dataset an event, named by its position. */
function requireContours(src: FileReader, group: StoredGroup, mapping: RowMapping): void {
  const names = new Set(group.links.map(({ name }) => name))
  requireRows(mapping, names.size, { path: src.path, object: group.path })
  const missing = mapping.rows.find((row) => !names.has(String(row)))
  if (missing === undefined) return
  const object = joinPath(group.path, String(missing))
  const message = `${src.path}: ${object} is missing: event ${missing} has no contour`
  throw new InvalidInput('E_RANGE', message, { path: src.path, object })
}

function refuseGroup(src: FileReader, object: string): InvalidInput {
  const message = `${src.path}: ${object} is a group that is not known to hold a row for each event; leave it out or copy without a mapping`
  return new InvalidInput('E_TYPE', message, { path: src.path, object })
}

export interface MappedCopy {
  readonly options: CopyMappedOptions
  /** Copies a contour whole. */
  readonly copyContour: DatasetCopier
}

/** Copies the rows of a planned feature into the group `events`. */
export async function copyMappedFeature(
  src: FileReader,
  feature: MappedFeature,
  events: GroupWriter,
  { options, copyContour }: MappedCopy,
): Promise<void> {
  const { feat, source } = feature
  if (feature.kind === 'dataset') {
    await copyMappedRows(src, feature.source, { group: events, name: feat }, options)
    return
  }
  const group = events.requireGroup(feat)
  copyAttributes(feature.source, group, { path: src.path, reportWarning: options.reportWarning })
  if (feature.kind === 'trace') {
    for (const { name, dataset } of feature.traces) {
      await copyMappedRows(src, dataset, { group, name }, options)
    }
    return
  }
  // Several events may have one contour: each gets a dataset of its own.
  const copying: CopyOptions = { ...options, copied: undefined }
  const contour = {
    kind: 'contour',
    name: feat,
    path: source.path,
    group: feature.source,
    length: null,
  } as const
  let position = 0
  for await (const dataset of readContours(src, contour, options.mapping.rows)) {
    await copyContour(src, dataset, { group, name: String(position++) }, copying)
  }
}
