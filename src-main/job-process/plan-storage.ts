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
} from '../write/storage-plan/measure-feature.ts'
import type { FeatureWay } from './feature-ways.ts'
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
  const { compression } = parts
  const dsKwds = toDatasetKeywords(compression)
  const storages = new Map<string, FeatureStorage>()
  const open: OpenFeature[] = []
  for (const feature of features) {
    const way = ways.get(feature.name)!
    if (way.kind === 'as-stored') storages.set(feature.name, { way, filters: way.filters })
    else storages.set(feature.name, { way, filters: choosePipeline(dsKwds, feature.dataset.datatype) })
    const isOpen = compression.codec === 'auto' && (way.kind !== 'as-stored' || compression.aim === 'small')
    if (isOpen) open.push({ feature, way, changed: way.kind === 'as-stored' ? way.otherwise : way })
  }
  for (const [name, storage] of await planFeatures(open, parts)) storages.set(name, storage)
  return storages
}

interface OpenFeature {
  readonly feature: RowFeature
  readonly way: FeatureWay
  /** The way that it takes if its chunks are encoded. */
  readonly changed: Exclude<FeatureWay, { readonly kind: 'as-stored' }>
}

async function planFeatures(
  open: readonly OpenFeature[],
  parts: PlanningParts,
): Promise<Map<string, FeatureStorage>> {
  const { compression, signal } = parts
  const measured: { readonly one: OpenFeature; readonly figures: MeasuredFeature | undefined }[] = []
  for (const one of open) {
    throwIfCancelled(signal)
    measured.push({ one, figures: await measureOne(one, parts) })
  }
  const tried = measured.filter((entry) => entry.figures !== undefined)
  const plans = choosePlans(
    tried.map(({ figures }) => figures!),
    compression.aim ?? 'balanced',
  )
  const planOf = new Map(tried.map(({ one }, index) => [one, plans[index]!]))
  return new Map(
    open.flatMap((one): [string, FeatureStorage][] => {
      const plan = planOf.get(one) ?? PLAIN_PLAN
      const { feature, way, changed } = one
      if (way.kind === 'as-stored' && !isWorthwhile(plan, feature, way)) return []
      const { checksum } = compression
      const filters = toPipeline(plan, describeValues(one), checksum)
      return [[feature.name, { way: changed, filters, encoder: plan.encoder, plan }]]
    }),
  )
}

/** Undefined where there is too little to try. */
async function measureOne(one: OpenFeature, parts: PlanningParts): Promise<MeasuredFeature | undefined> {
  const { feature } = one
  const values = describeValues(one)
  const place = placeSample(values, parts.compression.aim ?? 'balanced')
  if (place === undefined) return undefined
  const reader = await feature.source.openReader(feature.dataset)
  const sample = new Uint8Array(place.starts.length * place.pieceRows * reader.rowBytes)
  for (const [index, start] of place.starts.entries()) {
    const rows = await readSelectedRows(reader, feature.rows.slice(start, start + place.pieceRows))
    sample.set(rows, index * place.pieceRows * reader.rowBytes)
  }
  const { aim = 'balanced', byFrame = false, checksum } = parts.compression
  const pieceBytes = place.pieceRows * reader.rowBytes
  return measureFeature(sample, values, { aim, byFrame, checksum, pieceBytes, pool: parts.pool })
}

function describeValues({ feature, changed }: OpenFeature): PlannedValues {
  const { datatype, dataspace } = feature.dataset
  const itemShape = shapeOf(dataspace).slice(1)
  const rowBytes = itemShape.reduce((product, length) => product * length, datatype.size)
  return { datatype, itemShape, chunkShape: changed.chunkShape, totalBytes: feature.rows.count * rowBytes }
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
