import { BasinUnresolved, InvalidInput, toWeirError, type Warning } from '../errors.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { readMapping } from '../read/basin-mapping.ts'
import { listInternalFeatures, listUsedBasinmaps, type BasinDefinition } from '../read/basins.ts'
import { isBasinmap } from '../read/feature-names.ts'
import { makeWarning } from '../read/make-warning.ts'
import type { Measurement } from '../read/measurement.ts'
import { iterateRows, type RowSelection } from './row-selection.ts'

const MAPPING_COUNT = 10

/** A definition that goes over. */
export interface CarriedBasin {
  /** As the input has it, but for paths that are relinked. */
  readonly definition: BasinDefinition
  /** It had the rows of the input and gets the mapping to them. */
  readonly isMapped: boolean
}

/** What becomes of the basins of the input. */
export interface BasinPlan {
  /** Keys in `basins` that do not go over; undefined: nothing of the group does. */
  readonly left: ReadonlySet<string> | undefined
  readonly carried: readonly CarriedBasin[]
  /** Names in `basin_events` that go over; `all`: the group as it is. */
  readonly internalData: 'all' | readonly string[]
  /** Mappings of the input that go over, the selected rows of them. */
  readonly basinmaps: ReadonlySet<string>
  /** The mapping to the rows of the input; undefined: nothing needs it. */
  readonly rowsMap: RowsMap | undefined
  readonly refersToSource: boolean
  readonly warnings: readonly Warning[]
}

interface RowsMap {
  /** `basinmapN` of the output. */
  readonly name: string
  /** Not one of the input's, whose selected rows happen to be the same. */
  readonly isNew: boolean
}

export interface BasinPlanRequest {
  readonly job: RewriteJob
  readonly measurement: Measurement
  /** Relinked ones included. */
  readonly definitions: readonly BasinDefinition[]
  readonly selection: RowSelection
  /** Keys of definitions whose features are copied in; undefined: none is. */
  readonly filledKeys: ReadonlySet<string> | undefined
}

/**
 * Settles which definitions go over and how their rows are mapped: on a selection of events the mapping of a basin is that which it had,
 * at the selected rows; a basin that had the rows of the input gets a mapping to them.
 *
 * Throws E_BASIN if that takes more than 10 mappings, or if an internal basin has a format that cannot be mapped.
 */
export async function planBasins(request: BasinPlanRequest): Promise<BasinPlan> {
  const { job, measurement, definitions, selection, filledKeys } = request
  const refersToSource = job.addSourceBasin
  const isDropped = job.basins === 'drop'
  const kept = isDropped ? [] : definitions.filter(({ key }) => filledKeys?.has(key) !== true)
  const warnings: Warning[] = []
  const carried = kept.map((definition): CarriedBasin => {
    const isMapped = !selection.isIdentity && needsMapping(definition, measurement, warnings)
    return { definition, isMapped }
  })
  const basinmaps = isDropped ? new Set<string>() : chooseBasinmaps(request, kept)
  const needsRowsMap = carried.some(({ isMapped }) => isMapped) || (refersToSource && !selection.isIdentity)
  const rowsMap = needsRowsMap ? await chooseRowsMap(request, { basinmaps, kept }) : undefined
  const internalData = isDropped
    ? []
    : filledKeys === undefined
      ? 'all'
      : listKeptData(request, kept, warnings)
  const left = isDropped ? undefined : (filledKeys ?? new Set<string>())
  return { left, carried, internalData, basinmaps, rowsMap, refersToSource, warnings }
}

/** Does a selection of events change the definition? Those with a mapping stay as they are: the mapping itself is cut. */
function needsMapping(
  { key, type, format, mapping }: BasinDefinition,
  measurement: Measurement,
  warnings: Warning[],
): boolean {
  const { path } = measurement
  const object = `/basins/${key}`
  if (mapping !== 'same') {
    if (isBasinmap(mapping) && measurement.findFeature(mapping) !== undefined) return false
    const what = `has the mapping '${mapping}', which ${path} does not have; it stays as it is`
    warnings.push(makeWarning(path, object, { code: 'W_BASIN', what }))
    return false
  }
  if (type !== 'internal' || format === 'h5dataset') return true
  throw new BasinUnresolved(
    'E_BASIN',
    `${path}: the rows of the internal basin ${object} cannot be selected, because its format is '${format}'; leave basins out (--basins drop) or take all events`,
    { path, object },
  )
}

/** Those that are used travel with their basins; the others if all features do, unless they served what is filled in. */
function chooseBasinmaps(
  { job, measurement, definitions, filledKeys }: BasinPlanRequest,
  kept: readonly BasinDefinition[],
): ReadonlySet<string> {
  const names = measurement.features.map(({ name }) => name).filter(isBasinmap)
  const used = new Set(listUsedBasinmaps(kept))
  const filled = definitions.filter(({ key }) => filledKeys?.has(key) === true)
  const served = new Set(listUsedBasinmaps(filled))
  const isUnused = (name: string): boolean => !used.has(name) && (job.features !== 'all' || served.has(name))
  return new Set(names.filter((name) => !isUnused(name)))
}

interface TravellingMaps {
  readonly basinmaps: ReadonlySet<string>
  readonly kept: readonly BasinDefinition[]
}

/** A mapping of the input whose selected rows are the same, else a free name. */
async function chooseRowsMap(request: BasinPlanRequest, maps: TravellingMaps): Promise<RowsMap> {
  const { measurement, selection } = request
  for (const name of maps.basinmaps)
    if (await isMapOfRows(measurement, name, selection)) return { name, isNew: false }
  // A definition may name a mapping that is missing; filling it with other rows would make it wrong instead of broken.
  const taken = new Set([...maps.basinmaps, ...listUsedBasinmaps(maps.kept)])
  for (let number = 0; number < MAPPING_COUNT; number++) {
    const name = `basinmap${number}`
    if (!taken.has(name)) return { name, isNew: true }
  }
  const { path } = measurement
  const advice =
    'leave out mappings that no basin uses by naming the features to take (--features), or basins (--basins drop)'
  throw new InvalidInput(
    'E_BASIN',
    `${path}: a selection of events needs a mapping of its own, but all ${MAPPING_COUNT} (basinmap0 to basinmap9) are taken; ${advice}`,
    { path, object: '/events' },
  )
}

async function isMapOfRows(
  measurement: Measurement,
  name: string,
  selection: RowSelection,
): Promise<boolean> {
  const feature = measurement.findFeature(name)
  if (feature?.kind !== 'scalar' || feature.datasets[0].datatype.class !== 'integer') return false
  const values = await readMapping(measurement, name).catch(refuseUnknown)
  if (values === undefined) return false
  for (const row of iterateRows(selection)) if (values[row] !== row) return false
  return true
}

/** A mapping that holds no rows is carried as it is and equals nothing. */
function refuseUnknown(thrown: unknown): undefined {
  if (toWeirError(thrown).code === 'E_RANGE') return undefined
  throw thrown
}

/** Data of internal basins that stay defined. What no definition names is told of, because nothing leads to it any more. */
function listKeptData(
  { measurement, definitions }: BasinPlanRequest,
  kept: readonly BasinDefinition[],
  warnings: Warning[],
): readonly string[] {
  const { group } = measurement.structure.basinEvents
  const names = group?.links.map(({ name }) => name) ?? []
  const defined = new Set(listInternalFeatures(definitions))
  for (const name of names.filter((one) => !defined.has(one))) {
    const what = 'is given by no basin and is left out'
    warnings.push(makeWarning(measurement.path, `/basin_events/${name}`, { code: 'W_BASIN', what }))
  }
  const wanted = new Set(listInternalFeatures(kept))
  return names.filter((name) => wanted.has(name))
}
