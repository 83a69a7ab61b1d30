import type { Warning, WeirError } from '../errors.ts'
import type { StoredDataset, StoredGroup, StoredObject } from '../hdf5/reading/stored-object.ts'

/** What every entry of `events` that can be carried has. */
interface FeatureBase {
  readonly name: string
  /** Path in the file, as `/events/image`. */
  readonly path: string
  /** Events that it holds; null: not counted in events. */
  readonly length: number | null
}

/** One dataset in `events`. */
export interface DatasetFeature extends FeatureBase {
  /**
   * `scalar`: 1-D, one value an event; `nd`: (N, ...), one array an event; `other`: not counted in events (a 0-d or null dataspace, or
   * an image that was declared and never filled) and therefore carried whole, whatever is selected.
   */
  readonly kind: 'scalar' | 'nd' | 'other'
  readonly datasets: readonly [StoredDataset]
}

/** The group `trace`: 2-D datasets (N, samples) beside one another. Empty: `datasets` is empty and `length` null. */
export interface TraceFeature extends FeatureBase {
  readonly kind: 'trace'
  readonly group: StoredGroup
  readonly datasets: readonly StoredDataset[]
}

/**
 * The group `contour`: one dataset an event, named "0", "1", ...
 *
 * Its datasets are not read on opening: 100,000 of them cost seconds and hundreds of megabytes. `readContours` and `readContour` of
 * the measurement read them one by one.
 */
export interface ContourFeature extends FeatureBase {
  readonly kind: 'contour'
  readonly group: StoredGroup
}

/** Any other group in `events`: not counted in events, carried whole. */
export interface GroupFeature extends FeatureBase {
  readonly kind: 'group'
  readonly group: StoredGroup
  /** Its direct children that are datasets. */
  readonly datasets: readonly StoredDataset[]
}

export type FeatureInfo = DatasetFeature | TraceFeature | ContourFeature | GroupFeature

/** An object that is in the file but not followed: links to other files, virtual and external storage there, dangling links, committed types. */
export interface LeftOutObject {
  readonly path: string
  readonly warning: Warning
}

/** An object whose header, links or index cannot be read. */
export interface DamagedObject {
  readonly path: string
  readonly error: WeirError
}

export function isDatasetFeature(feature: FeatureInfo): feature is DatasetFeature {
  return feature.kind === 'scalar' || feature.kind === 'nd' || feature.kind === 'other'
}

/** The object behind a feature: its dataset or its group. */
export function objectOf(feature: FeatureInfo): StoredObject {
  return isDatasetFeature(feature) ? feature.datasets[0] : feature.group
}
