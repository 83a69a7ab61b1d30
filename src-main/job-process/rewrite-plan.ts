import { BasinUnresolved, InvalidInput } from '../errors.ts'
import { hasVariableParts, isCarriable } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { listUsedBasinmaps } from '../read/basins.ts'
import { isDatasetFeature, type ContourFeature, type FeatureInfo } from '../read/feature-info.ts'
import { isBasinmap } from '../read/feature-names.ts'
import type { Measurement } from '../read/measurement.ts'
import type { RowSelection } from './row-selection.ts'

/** A dataset with one row an event that goes over in slabs. */
export interface RowFeature {
  /** Name below `events`, as `image` or `trace/fl1_raw`. */
  readonly name: string
  readonly dataset: StoredDataset
}

/** What of a measurement goes into the output, and how. */
export interface RewritePlan {
  readonly selection: RowSelection
  readonly rowFeatures: readonly RowFeature[]
  readonly contour: ContourFeature | undefined
  /** Objects in `events` that do not count in events: carried whole. */
  readonly wholeFeatures: readonly FeatureInfo[]
  readonly keepsBasins: boolean
}

/**
 * Chooses features and basins. Throws E_FEATURE for one that is absent, E_BASIN for a selection of events in a file whose
 * basins would have to be remapped.
 */
export function planRewrite(job: RewriteJob, measurement: Measurement, selection: RowSelection): RewritePlan {
  const keepsBasins = job.basins !== 'drop'
  if (keepsBasins && !selection.isIdentity) refuseBasins(measurement)
  const chosen = chooseFeatures(job, measurement, keepsBasins)
  const rowFeatures: RowFeature[] = []
  const wholeFeatures: FeatureInfo[] = []
  let contour: ContourFeature | undefined
  for (const feature of chosen) {
    if (feature.kind === 'contour' && feature.length !== null) contour = feature
    else if (isCountedInRows(feature)) rowFeatures.push(...listRowFeatures(feature))
    else wholeFeatures.push(feature)
  }
  return { selection, rowFeatures, contour, wholeFeatures, keepsBasins }
}

function isCountedInRows(feature: FeatureInfo): boolean {
  if (feature.kind === 'trace') return feature.datasets.length > 0 && feature.datasets.every(isRowData)
  return isDatasetFeature(feature) && feature.kind !== 'other' && feature.datasets.every(isRowData)
}

/** Rows can be cut out of plain elements; heap references and addresses cannot go over in slabs. */
function isRowData(dataset: StoredDataset): boolean {
  return isCarriable(dataset.datatype) && !hasVariableParts(dataset.datatype)
}

function listRowFeatures(feature: FeatureInfo): RowFeature[] {
  if (isDatasetFeature(feature)) return feature.datasets.map((dataset) => ({ name: feature.name, dataset }))
  if (feature.kind !== 'trace') return []
  return feature.datasets.map((dataset) => ({ name: dataset.path.replace(/^\/events\//, ''), dataset }))
}

function chooseFeatures(job: RewriteJob, measurement: Measurement, keepsBasins: boolean): FeatureInfo[] {
  const used = new Set(keepsBasins ? listUsedBasinmaps(measurement.basins) : [])
  const maps = measurement.features.filter(
    ({ name }) => isBasinmap(name) && keepsBasins && (job.features === 'all' || used.has(name)),
  )
  const others = measurement.features.filter(({ name }) => !isBasinmap(name))
  if (job.features === 'all') return [...others, ...maps]
  if (job.features === 'scalar') return [...others.filter(({ kind }) => kind === 'scalar'), ...maps]
  const names = new Set(job.features)
  for (const name of names) requireFeature(name, measurement)
  return [...others.filter(({ name }) => names.has(name)), ...maps]
}

function requireFeature(name: string, measurement: Measurement): void {
  const { path } = measurement
  const object = `/events/${name}`
  if (isBasinmap(name)) {
    throw new InvalidInput(
      'E_FEATURE',
      `${name} of ${path} is no feature of its own: it travels with the basin that uses it`,
      { path, object },
    )
  }
  if (measurement.findFeature(name) === undefined) {
    const names = measurement.features.map((feature) => feature.name).filter((one) => !isBasinmap(one))
    throw new InvalidInput(
      'E_FEATURE',
      `${path} has no feature "${name}"; it has ${names.join(', ') || 'none'}`,
      { path, object },
    )
  }
}

/** Until basins are remapped, a selection would make their rows point at other events. */
function refuseBasins(measurement: Measurement): void {
  const { path } = measurement
  const basin = measurement.basins[0]
  const map = measurement.features.find(({ name }) => isBasinmap(name))
  const inside = measurement.structure.basins.group ?? measurement.structure.basinEvents.group
  const found =
    (basin && {
      object: `/basins/${basin.key}`,
      text: `the basin "${basin.name ?? basin.key}" (/basins/${basin.key})`,
    }) ??
    (map && { object: map.path, text: `the basin mapping ${map.path}` }) ??
    (inside && inside.links.length > 0 && { object: inside.path, text: `the group ${inside.path}` })
  if (!found) return
  throw new BasinUnresolved(
    'E_BASIN',
    `${path} refers to other data by ${found.text}, whose rows cannot be selected yet; leave basins out (--basins drop) or take all events`,
    { path, object: found.object },
  )
}
