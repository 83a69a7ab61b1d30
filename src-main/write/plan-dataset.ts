import { elementCount, hasVariableParts, LIMITS, shapeOf } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { DatasetSpec } from '../hdf5/writing/dataset-spec.ts'
import { chooseChunkShape } from './chunk-shape.ts'
import { choosePipeline, type DatasetKeywords } from './default-filters.ts'
import { countElements } from './nd-array.ts'

/**
 * How a copied dataset is to lie in the output.
 * `as-stored`: chunked stays chunked (same chunk shape, new filters), everything else is contiguous.
 * `packed`: chunked and filtered, chunks no longer than the dataset (logs, tables).
 * `single`: one filtered chunk without an index (contours, which never grow); packed where that cannot be.
 * `growing`: chunked and filtered as a feature that may be appended to.
 */
export type CopyStorage = 'as-stored' | 'packed' | 'single' | 'growing'

/** A larger dataset is cut into chunks. */
const MOST_SINGLE_BYTES = 2 ** 20

/** The new dataset for a stored one. Without elements or dimensions it is stored as it was, unfiltered if it was not chunked. */
export function planDataset(
  dataset: StoredDataset,
  storage: CopyStorage,
  dsKwds: DatasetKeywords,
): DatasetSpec {
  const { datatype, dataspace, fillValue } = dataset
  // A fill value of variable length lies in the source's heap; without one it is the empty sequence.
  const carriedFill = fillValue && !hasVariableParts(datatype) && { fillValue }
  const plain: Omit<DatasetSpec, 'shape'> = { datatype, ...carriedFill, storage: { kind: 'contiguous' } }
  if (dataspace.kind === 'null') return { ...plain, shape: null }
  if (dataspace.kind === 'scalar') return { ...plain, shape: [] }
  const isAsStored = storage === 'as-stored' || elementCount(dataspace) === 0 || isRowTooLarge(dataset)
  if (storage === 'single' && !isAsStored && canBeSingle(dataset)) return planSingle(dataset, plain, dsKwds)
  if (storage === 'packed' && isPlain(dataset, dsKwds)) return { ...plain, shape: [...dataspace.shape] }
  const chunkShape = isAsStored ? clipStoredChunks(dataset) : chooseChunks(dataset, storage, dsKwds)
  const shape = [...dataspace.shape]
  if (!chunkShape) return { ...plain, shape }
  return {
    ...plain,
    shape: storage === 'growing' && !isAsStored ? [0, ...shape.slice(1)] : shape,
    maxShape: chooseMaxShape(dataset, storage),
    storage: {
      kind: 'chunked',
      chunkShape,
      filters: choosePipeline(dsKwds, datatype),
      ...(storage === 'growing' && !isAsStored && { fitsRows: dsKwds.chunks === undefined }),
    },
  }
}

function canBeSingle(dataset: StoredDataset): boolean {
  return !hasVariableParts(dataset.datatype) && countRawBytes(dataset) <= MOST_SINGLE_BYTES
}

function planSingle(
  dataset: StoredDataset,
  plain: Omit<DatasetSpec, 'shape'>,
  dsKwds: DatasetKeywords,
): DatasetSpec {
  const shape = [...shapeOf(dataset.dataspace)]
  if (isPlain(dataset, dsKwds)) return { ...plain, shape }
  const filters = choosePipeline(dsKwds, dataset.datatype)
  const storage = { kind: 'chunked', chunkShape: shape, filters, isSingle: true } as const
  return { ...plain, shape, maxShape: shape, storage }
}

/** What was not chunked stays so where there is nothing to filter: an index of one chunk would be larger than most logs. */
function isPlain({ datatype, layout }: StoredDataset, dsKwds: DatasetKeywords): boolean {
  return layout.kind !== 'chunked' && choosePipeline(dsKwds, datatype).length === 0
}

function chooseChunks(dataset: StoredDataset, storage: CopyStorage, dsKwds: DatasetKeywords): number[] {
  const [rowCount = 0, ...itemShape] = shapeOf(dataset.dataspace)
  const isGrowing = storage === 'growing'
  return chooseChunkShape({
    itemShape,
    itemBytes: dataset.datatype.size,
    rowCount: isGrowing ? undefined : rowCount,
    wanted: isGrowing ? dsKwds.chunks : undefined,
  })
}

/** Spec: a chunk is not longer than a dimension that cannot grow; some writers store such chunks all the same. */
function clipStoredChunks(dataset: StoredDataset): number[] | undefined {
  const { layout, dataspace } = dataset
  if (layout.kind !== 'chunked' || dataspace.kind !== 'simple') return undefined
  return layout.chunkShape.map((length, dimension) => {
    const most = dataspace.maxShape[dimension] ?? null
    return most === null ? length : Math.max(1, Math.min(length, most))
  })
}

function isRowTooLarge({ dataspace, datatype }: StoredDataset): boolean {
  return countElements(shapeOf(dataspace).slice(1)) * datatype.size > LIMITS.chunkBytes
}

function chooseMaxShape(dataset: StoredDataset, storage: CopyStorage): (number | null)[] {
  const { dataspace, layout } = dataset
  if (dataspace.kind !== 'simple') return []
  const stored = layout.kind === 'chunked' ? dataspace.maxShape : dataspace.shape
  return storage === 'growing' ? [null, ...stored.slice(1)] : [...stored]
}

/** Bytes of all elements, as they are stored without a filter. */
export function countRawBytes(dataset: StoredDataset): number {
  return countElements([elementCount(dataset.dataspace), dataset.datatype.size])
}
