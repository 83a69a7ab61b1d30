import type { WeirError } from '../errors.ts'
import { nameDtype } from '../hdf5/dtype-name.ts'
import { describeFilter } from '../hdf5/filters/pipeline.ts'
import { toSignedLevel } from '../hdf5/filters/zstd-codec.ts'
import { FILTER, shapeOf } from '../hdf5/model.ts'
import { readChunkTable } from '../hdf5/reading/chunk-table.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { findOddElementBytes } from './describe-stored-filter.ts'
import { isDatasetFeature } from './feature-info.ts'
import type { ContourFeature, FeatureInfo } from './feature-info.ts'
import { readSoundContours } from './read-contours.ts'
import type { StoredPlan } from './stored-plans.ts'

/** How a feature is stored. */
export interface FeatureReport {
  /** As `deform`, `trace/fl1_raw`, `contour`. */
  readonly name: string
  /** Length per dimension; `[]`: one value; null: no values at all. All contours together: [number of contours]. A group: [children]. */
  readonly shape: readonly number[] | null
  /** As numpy names it: `<f8`, `|u1`, `object` (variable length), `bool`; null: a group. */
  readonly dtype: string | null
  /** Length of a chunk per dimension; null: not chunked. */
  readonly chunks: readonly number[] | null
  /** In the order in which they were applied on writing. */
  readonly filters: readonly FilterReport[]
  /** Bytes that the values take in the file; null: not summed up (thousands of contours). */
  readonly storedBytes: number | null
  /** Of `weir inspect`, where Weir's own log in the file tells it: what zstd was asked for, which its filter does not say. */
  readonly plan?: StoredPlan
}

export interface FilterReport {
  /** Registered number, as 32015. */
  readonly id: number
  /** As `zstd`, `deflate`, `fletcher32`; the number if it has no known name. */
  readonly name: string
  /** Parameters, as the level; those of zstd may be negative. */
  readonly values: readonly number[]
  /** Only where `shuffle` takes another number of bytes for an element than the type has. */
  readonly elementBytes?: number
  /** These are the bytes of an image: the same pixel of all images of a chunk lies side by side. */
  readonly isByFrame?: true
}

/** Everything of a FeatureReport that the object header says. */
export type DatasetReport = Omit<FeatureReport, 'name' | 'storedBytes' | 'plan'>

/** More datasets than this are not visited only to sum up their bytes. */
const MOST_SUMMED_CONTOURS = 5_000

export function describeDataset(dataset: StoredDataset): DatasetReport {
  const { dataspace, layout } = dataset
  return {
    shape: dataspace.kind === 'null' ? null : dataspace.kind === 'scalar' ? [] : dataspace.shape,
    dtype: nameDtype(dataset.datatype),
    chunks: layout.kind === 'chunked' ? layout.chunkShape : null,
    filters: describeFilters(dataset),
  }
}

function describeFilters({ filters, datatype, dataspace }: StoredDataset): FilterReport[] {
  const [, ...itemShape] = shapeOf(dataspace)
  const frameBytes = itemShape.reduce((product, length) => product * length, datatype.size)
  return filters.map((filter) => {
    const { id, values } = filter
    const name = /\((.+)\)$/.exec(describeFilter(id))?.[1] ?? String(id)
    const elementBytes = findOddElementBytes(filter, datatype.size)
    const signed = id === FILTER.zstd ? values.map(toSignedLevel) : values
    const isByFrame = itemShape.length === 2 && elementBytes === frameBytes
    const odd = elementBytes !== undefined && { elementBytes, ...(isByFrame && { isByFrame }) }
    return { id, name, values: signed, ...odd }
  })
}

/**
 * One entry for a dataset, one for each trace, one for all contours, of which those that cannot be followed are shown to `reportProblem`.
 * Throws what reading an index of chunks throws.
 */
export async function describeFeature(
  file: FileReader,
  feature: FeatureInfo,
  reportProblem?: (error: WeirError) => void,
): Promise<FeatureReport[]> {
  if (isDatasetFeature(feature)) return [await describeOne(file, feature.name, feature.datasets[0])]
  if (feature.kind === 'contour') return [await describeContours(file, feature, reportProblem)]
  if (feature.datasets.length === 0) return [describeGroup(feature.name, feature.group.links.length)]
  const reports: FeatureReport[] = []
  for (const dataset of feature.datasets) {
    const name = `${feature.name}/${dataset.path.slice(dataset.path.lastIndexOf('/') + 1)}`
    reports.push(await describeOne(file, name, dataset))
  }
  return reports
}

function describeGroup(name: string, childCount: number): FeatureReport {
  return { name, shape: [childCount], dtype: null, chunks: null, filters: [], storedBytes: 0 }
}

async function describeOne(file: FileReader, name: string, dataset: StoredDataset): Promise<FeatureReport> {
  return { name, ...describeDataset(dataset), storedBytes: await sumStoredBytes(file, dataset) }
}

async function describeContours(
  file: FileReader,
  feature: ContourFeature,
  reportProblem?: (error: WeirError) => void,
): Promise<FeatureReport> {
  const count = feature.group.links.length
  let first: StoredDataset | undefined
  let storedBytes = 0
  for await (const dataset of readSoundContours(file, feature, reportProblem)) {
    first ??= dataset
    if (count > MOST_SUMMED_CONTOURS) break
    storedBytes += await sumStoredBytes(file, dataset)
  }
  if (first === undefined) return describeGroup(feature.name, count)
  const { dtype, chunks, filters } = describeDataset(first)
  return {
    name: feature.name,
    shape: [count],
    dtype,
    chunks,
    filters,
    storedBytes: count > MOST_SUMMED_CONTOURS ? null : storedBytes,
  }
}

/** Bytes that a dataset's values take in the file, variable-length parts not counted. */
export async function sumStoredBytes(file: FileReader, dataset: StoredDataset): Promise<number> {
  const { layout } = dataset
  if (layout.kind === 'compact') return layout.data.length
  if (layout.kind === 'contiguous') return layout.address === null ? 0 : layout.storedBytes
  if (layout.kind !== 'chunked') return 0
  const table = await readChunkTable(file, dataset)
  return table.records.reduce((sum, record) => sum + record.storedBytes, 0)
}
