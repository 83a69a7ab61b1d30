import { throwIfCancelled } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { ZstdParameters } from '../hdf5/filters/zstd-codec.ts'
import { elementCount, shapeOf, type FilterPipeline } from '../hdf5/model.ts'
import type { Compression } from '../jobs/job-schema.ts'
import { readSelectedRows } from '../read/read-selected-rows.ts'
import { choosePlans, type MeasuredFeature } from '../write/storage-plan/choose-plan.ts'
import { choosePipeline } from '../write/default-filters.ts'
import { PLAIN_PLAN, type FeaturePlan } from '../write/storage-plan/feature-plan.ts'
import {
  measureFeature,
  placeSample,
  toPipeline,
  type PlannedValues,
  type PlanWishes,
} from '../write/storage-plan/measure-feature.ts'
import type { ChangedWay, FeatureWay } from './feature-ways.ts'
import { toDatasetKeywords } from './filter-settings.ts'
import type { RowFeature } from './rewrite-plan.ts'

/** How a feature of the output is stored, and how its chunks get there. */
export interface FeatureStorage {
  readonly way: FeatureWay
  readonly filters: FilterPipeline
  readonly encoder?: ZstdParameters | undefined
  /** Undefined: it goes over as stored, or the job names its codec. */
  readonly plan?: FeaturePlan | undefined
}

interface PlanningParts {
  readonly compression: Compression
  readonly pool: FilterPool
  readonly signal: AbortSignal
}

/** What is stored well enough is encoded anew only where that saves so much. */
const WORTHWHILE = 0.95

/** Settles filters and encoder of each feature, by its name, for `auto` by trying a few chunks. Throws what reading them throws. */
export async function planStorage(
  features: readonly RowFeature[],
  ways: ReadonlyMap<string, FeatureWay>,
  parts: PlanningParts,
): Promise<ReadonlyMap<string, FeatureStorage>> {
  const { codec, aim } = parts.compression
  const dsKwds = toDatasetKeywords(parts.compression)
  const storages = new Map<string, FeatureStorage>()
  const open: OpenFeature[] = []
  for (const feature of features) {
    const way = ways.get(feature.name)!
    const isStored = way.kind === 'as-stored'
    const filters = isStored ? way.filters : choosePipeline(dsKwds, feature.dataset.datatype)
    storages.set(feature.name, { way, filters })
    if (codec === 'auto' && (!isStored || aim === 'small'))
      open.push(describeOpen(feature, way, isStored ? way.otherwise : way))
  }
  for (const [name, storage] of await planFeatures(open, parts)) storages.set(name, storage)
  return storages
}

interface OpenFeature {
  readonly feature: RowFeature
  readonly way: FeatureWay
  /** The way that it takes if its chunks are encoded. */
  readonly changed: ChangedWay
  readonly values: PlannedValues
}

function describeOpen(feature: RowFeature, way: FeatureWay, changed: ChangedWay): OpenFeature {
  const { datatype, dataspace } = feature.dataset
  const itemShape = shapeOf(dataspace).slice(1)
  const rowBytes = itemShape.reduce((product, length) => product * length, datatype.size)
  const totalBytes = feature.rows.count * rowBytes
  return {
    feature,
    way,
    changed,
    values: { datatype, itemShape, chunkShape: changed.chunkShape, totalBytes },
  }
}

async function planFeatures(
  open: readonly OpenFeature[],
  { compression, pool, signal }: PlanningParts,
): Promise<[string, FeatureStorage][]> {
  const { aim = 'balanced', byFrame = false, checksum } = compression
  const measured = new Map<OpenFeature, MeasuredFeature>()
  for (const one of open) {
    throwIfCancelled(signal)
    const figures = await measureOne(one, { aim, byFrame, checksum }, pool)
    if (figures !== undefined) measured.set(one, figures)
  }
  const plans = choosePlans([...measured.values()], aim)
  const planOf = new Map([...measured.keys()].map((one, index) => [one, plans[index]!]))
  return open.flatMap((one): [string, FeatureStorage][] => {
    const plan = planOf.get(one) ?? PLAIN_PLAN
    const { feature, way, changed, values } = one
    if (way.kind === 'as-stored' && !isWorthwhile(plan, feature, way)) return []
    const filters = toPipeline(plan, values, checksum)
    return [[feature.name, { way: changed, filters, encoder: plan.encoder, plan }]]
  })
}

/** Undefined where there is too little to try. */
async function measureOne(
  { feature, values }: OpenFeature,
  wishes: PlanWishes,
  pool: FilterPool,
): Promise<MeasuredFeature | undefined> {
  const place = placeSample(values, wishes.aim)
  if (place === undefined) return undefined
  const reader = await feature.source.openReader(feature.dataset)
  const pieceBytes = place.pieceRows * reader.rowBytes
  const sample = new Uint8Array(place.starts.length * pieceBytes)
  for (const [index, start] of place.starts.entries()) {
    const rows = await readSelectedRows(reader, feature.rows.slice(start, start + place.pieceRows))
    sample.set(rows, index * pieceBytes)
  }
  return measureFeature(sample, values, { ...wishes, pieceBytes, pool })
}

/** Does the sample promise much less than what the source needs? */
function isWorthwhile(
  { sample }: FeaturePlan,
  { dataset }: RowFeature,
  way: Extract<FeatureWay, { readonly kind: 'as-stored' }>,
): boolean {
  if (sample === null) return false
  const storedBytes = way.records.reduce((sum, record) => sum + record.storedBytes, 0)
  const rawBytes = elementCount(dataset.dataspace) * dataset.datatype.size
  return sample.stored / sample.raw <= (WORTHWHILE * storedBytes) / Math.max(1, rawBytes)
}
