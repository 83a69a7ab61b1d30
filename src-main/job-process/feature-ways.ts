import { canDecode } from '../hdf5/filters/pipeline.ts'
import { elementCount, shapeOf, type ChunkRecord, type FilterPipeline } from '../hdf5/model.ts'
import { readChunkTable } from '../hdf5/reading/chunk-table.ts'
import { chooseChunkShape } from '../write/chunk-shape.ts'
import type { StorageWish } from './storage-wish.ts'
import type { RewritePlan, RowFeature } from './rewrite-plan.ts'

/**
 * How a feature goes over.
 * `as-stored`: its chunks, untouched; the output has the source's chunk shape.
 * `recoded`: chunk by chunk, decoded and encoded anew in one thread; the source's chunk shape is the output's anyway.
 * `rows`: its values, row by row.
 */
export type FeatureWay =
  | { readonly kind: 'rows'; readonly chunkShape: readonly number[] }
  | (StoredChunks & { readonly kind: 'as-stored'; readonly otherwise: ChangedWay })
  | (StoredChunks & { readonly kind: 'recoded' })

/** A way on which chunks are encoded. */
export type ChangedWay = Exclude<FeatureWay, { readonly kind: 'as-stored' }>

/** Where the chunks of all rows lie in the source. */
export interface StoredChunks {
  readonly chunkShape: readonly number[]
  readonly chunksPerBand: number
  readonly filters: FilterPipeline
  /** All of them, in the order of the grid. */
  readonly records: readonly ChunkRecord[]
}

/** The cheapest way for each feature, by its name. Throws what the tables of chunks throw (E_META, E_CYCLE, E_CHUNKSIZE). */
export async function chooseFeatureWays(
  plan: RewritePlan,
  wish: StorageWish,
): Promise<ReadonlyMap<string, FeatureWay>> {
  const ways = new Map<string, FeatureWay>()
  for (const feature of plan.rowFeatures) ways.set(feature.name, await chooseWay(feature, wish))
  return ways
}

async function chooseWay(feature: RowFeature, wish: StorageWish): Promise<FeatureWay> {
  const { datatype, dataspace } = feature.dataset
  const itemShape = shapeOf(dataspace).slice(1)
  const usual = chooseChunkShape({ itemShape, itemBytes: datatype.size })
  // What no row covers is stored too, and only compression makes next to nothing of it.
  const chunkShape = !wish.isCompressed ? evenOut(usual, feature.rows.count) : usual
  const stored = feature.rows.isIdentity ? await findStoredChunks(feature, chunkShape) : undefined
  if (stored === undefined) return { kind: 'rows', chunkShape }
  const isWithinItem = stored.chunkShape.slice(1).every((length, axis) => length <= itemShape[axis]!)
  const isChunked = feature.dataset.layout.kind === 'chunked'
  const isFilled = feature.rows.count >= stored.chunkShape[0]!
  const isSlim = isFilled || wish.isCompressed
  const isStored = (shape: readonly number[]): boolean =>
    shape.every((length, axis) => length === stored.chunkShape[axis])
  const isFitting = isStored(chunkShape) || isStored(usual)
  const otherwise: ChangedWay =
    isFilled && isFitting ? { ...stored, kind: 'recoded' } : { kind: 'rows', chunkShape }
  const isKept = isChunked && isWithinItem && isSlim && wish.accepts(stored.filters, feature.dataset)
  return isKept ? { ...stored, kind: 'as-stored', otherwise } : otherwise
}

/** As many chunks, the rows spread evenly over them. */
function evenOut([rows = 1, ...itemShape]: readonly number[], rowCount: number): number[] {
  const chunkCount = Math.max(1, Math.ceil(rowCount / rows))
  return [Math.max(1, Math.ceil(rowCount / chunkCount)), ...itemShape]
}

/**
 * Undefined where chunks cannot be taken as they are: a filter that the threads do not know, a chunk that was never written. Values
 * that lie in one piece without filters are as good as chunks of any shape.
 */
async function findStoredChunks(
  { dataset, source }: RowFeature,
  wantedShape: readonly number[],
): Promise<StoredChunks | undefined> {
  const { layout, dataspace, filters, datatype } = dataset
  if (elementCount(dataspace) === 0 || !canDecode(filters)) return undefined
  if (layout.kind === 'contiguous' && layout.address !== null) {
    const chunkBytes = wantedShape.reduce((product, length) => product * length, datatype.size)
    // What follows the last whole chunk goes by its values.
    const count = Math.floor((elementCount(dataspace) * datatype.size) / chunkBytes)
    const { address } = layout
    const records = Array.from({ length: count }, (_, gridIndex) => {
      return { gridIndex, address: address + gridIndex * chunkBytes, storedBytes: chunkBytes, filterMask: 0 }
    })
    return { chunkShape: wantedShape, chunksPerBand: 1, filters: [], records }
  }
  if (layout.kind !== 'chunked') return undefined
  const { chunkShape, gridShape, records } = await readChunkTable(source.file, dataset)
  const chunksPerBand = gridShape.slice(1).reduce((product, count) => product * count, 1)
  if (records.length !== gridShape[0]! * chunksPerBand) return undefined
  return { chunkShape, chunksPerBand, filters, records }
}
