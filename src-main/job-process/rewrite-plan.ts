import type { Warning } from '../errors.ts'
import { refuseHugeChunks } from '../hdf5/reading/chunk-geometry.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { isDatasetFeature, type ContourFeature, type FeatureInfo } from '../read/feature-info.ts'
import { isBasinmap, isNonScalarFeatureName } from '../read/feature-names.ts'
import type { Measurement } from '../read/measurement.ts'
import { listChosenFeatures, requireFeatures } from './choose-features.ts'
import { setLinksAside, type LinkedFeature } from './linked-features.ts'
import { planBasins, type BasinPlan } from './plan-basins.ts'
import { planFill, type FilledFeature } from './plan-fill.ts'
import type { RewriteSources } from './rewrite-sources.ts'
import { isRowData, type RowData } from './row-data.ts'
import type { ChosenRows, RowSelection } from './row-selection.ts'

/** Where something comes from. */
interface RowOrigin {
  /** The input, or a basin of it. */
  readonly source: Measurement
  /** Rows of the source that the output takes. */
  readonly rows: RowSelection
}

/** A dataset with one row an event. */
export interface RowFeature extends RowData, RowOrigin {
  /** The group of the source in which the dataset lies, where that is a feature (`trace`). */
  readonly group: StoredGroup | undefined
}

/** What of a measurement and its basins goes into the output, and how. */
export interface RewritePlan {
  readonly selection: RowSelection
  /** They go over in slabs; each dataset once. */
  readonly rowFeatures: readonly RowFeature[]
  /** Further names of their datasets. */
  readonly linkedFeatures: readonly LinkedFeature<RowFeature>[]
  /** Values of variable length, which lie in a heap, and rows of 0 bytes: each feature goes over at once. */
  readonly heapFeatures: readonly RowFeature[]
  readonly contour: (RowOrigin & { readonly feature: ContourFeature }) | undefined
  /** Objects in the input's `events` that do not count in events: carried whole. */
  readonly wholeFeatures: readonly FeatureInfo[]
  readonly basins: BasinPlan
  /** Features that come from basins. */
  readonly filled: readonly FilledFeature[]
  readonly warnings: readonly Warning[]
}

/**
 * Chooses features and basins. Throws E_FEATURE for one that is absent, the error of one that is damaged, E_CHUNKSIZE for one of huge chunks, and E_BASIN and E_RANGE as `planFill` and `planBasins`.
 */
export async function planRewrite(
  job: RewriteJob,
  sources: RewriteSources,
  chosen: ChosenRows,
): Promise<RewritePlan> {
  const { measurement, definitions, tree } = sources
  const { features: choice } = job
  const { selection, lengths } = chosen
  measurement.refuseDamaged((name) => isChosen(name, job))
  const fill = tree && (await planFill({ choice, measurement, tree, rows: chosen, lengths }))
  const filledKeys = fill?.filledKeys
  const basins = await planBasins({ job, measurement, definitions, selection, filledKeys })
  const filled = fill?.features ?? []
  requireFeatures(choice, measurement, new Set(filled.map(({ feature }) => feature.name)))
  const maps = measurement.features.filter(({ name }) => basins.basinmaps.has(name))
  const collected = new PlanParts()
  for (const feature of [...listChosenFeatures(choice, measurement), ...maps])
    collected.add(feature, { source: measurement, rows: selection })
  for (const { feature, source, rows } of filled) collected.add(feature, { source, rows })
  const { heapFeatures, contour, wholeFeatures } = collected
  const { features: rowFeatures, linked: linkedFeatures } = setLinksAside(collected.rowFeatures, isSameRows)
  for (const { source, dataset } of rowFeatures) refuseHugeChunks(source.path, dataset)
  const warnings = [...chosen.warnings, ...(fill?.warnings ?? []), ...basins.warnings]
  const features = { rowFeatures, linkedFeatures, heapFeatures, contour, wholeFeatures }
  return { selection, ...features, basins, filled, warnings }
}

/** What cannot be read cannot be seen to be scalar: by its name it must be something else not to be missed. */
function isChosen(name: string, { features, basins }: RewriteJob): boolean {
  if (isBasinmap(name) || name === 'basin_events') return basins !== 'drop'
  if (features === 'all') return true
  return features === 'scalar' ? !isNonScalarFeatureName(name) : features.includes(name)
}

/** Events that are selected are numbered anew, in `index` alone. */
function isSameRows(one: RowFeature, other: RowFeature): boolean {
  if (one.source !== other.source) return false
  if (one.rows.isIdentity && other.rows.isIdentity) return true
  return one.rows === other.rows && one.name !== 'index' && other.name !== 'index'
}

class PlanParts {
  readonly rowFeatures: RowFeature[] = []
  readonly heapFeatures: RowFeature[] = []
  readonly wholeFeatures: FeatureInfo[] = []
  contour: RewritePlan['contour']

  add(feature: FeatureInfo, origin: RowOrigin): void {
    if (feature.kind === 'contour' && feature.length !== null) this.contour = { ...origin, feature }
    else if (isCountedInRows(feature)) this.#addRows(listRowFeatures(feature, origin))
    else this.wholeFeatures.push(feature)
  }

  #addRows(features: readonly RowFeature[]): void {
    for (const feature of features) {
      if (isRowData(feature.dataset)) this.rowFeatures.push(feature)
      else this.heapFeatures.push(feature)
    }
  }
}

function isCountedInRows(feature: FeatureInfo): boolean {
  if (feature.kind === 'trace') return feature.datasets.length > 0
  return isDatasetFeature(feature) && feature.kind !== 'other'
}

function listRowFeatures(feature: FeatureInfo, origin: RowOrigin): RowFeature[] {
  if (isDatasetFeature(feature)) {
    const { name, datasets } = feature
    return datasets.map((dataset) => makeRowFeature({ ...origin, name, dataset, group: undefined }))
  }
  if (feature.kind !== 'trace') return []
  const { name, group, datasets } = feature
  return datasets.map((dataset) => {
    const last = dataset.path.slice(dataset.path.lastIndexOf('/') + 1)
    return makeRowFeature({ ...origin, name: `${name}/${last}`, dataset, group })
  })
}

/** Where others are cut, what has just the rows that are taken goes over whole, but for `index`, which is numbered anew. */
function makeRowFeature(feature: RowFeature): RowFeature {
  const { name, dataset, rows } = feature
  const isWhole = rows.isFromStart && rows.count === shapeOf(dataset.dataspace)[0] && name !== 'index'
  return isWhole ? { ...feature, rows: { ...rows, isIdentity: true } } : feature
}
