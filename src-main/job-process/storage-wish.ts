import { FILTER, type FilterPipeline } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { toSignedLevel } from '../hdf5/filters/zstd-codec.ts'
import type { Compression } from '../jobs/job-schema.ts'
import { choosePipeline } from '../write/default-filters.ts'
import { STORED_LEVEL } from '../write/storage-plan/feature-plan.ts'
import { toDatasetKeywords } from './filter-settings.ts'

/** What a job's compression says about chunks that are stored already. */
export interface StorageWish {
  /** What no row covers becomes next to nothing. */
  readonly isCompressed: boolean
  /** May chunks with these filters go over as they are? */
  accepts(filters: FilterPipeline, dataset: StoredDataset): boolean
}

/** `auto` takes what is at least as well stored as plain zstd 5; any other codec wants exactly its own pipeline. */
export function toStorageWish(compression: Compression): StorageWish {
  const isCompressed = compression.codec !== 'none'
  if (compression.codec === 'auto') {
    const { checksum, byFrame = false } = compression
    return {
      isCompressed,
      accepts: (filters, dataset) => isWellStored(filters, dataset, { checksum, byFrame }),
    }
  }
  const dsKwds = toDatasetKeywords(compression)
  return {
    isCompressed,
    accepts: (filters, { datatype }) => isSamePipeline(filters, choosePipeline(dsKwds, datatype)),
  }
}

/** zstd 5 or more with the wanted checksum, shuffled by element or, where that is wanted, by frame. */
function isWellStored(
  filters: FilterPipeline,
  { datatype }: StoredDataset,
  { checksum, byFrame }: { readonly checksum: boolean; readonly byFrame: boolean },
): boolean {
  const ends = filters.at(-1)?.id === FILTER.fletcher32
  const [codec, shuffle, ...others] = filters.slice(0, ends ? -1 : undefined).reverse()
  const elementBytes = shuffle?.values[0] ?? datatype.size
  return (
    ends === checksum &&
    others.length === 0 &&
    codec?.id === FILTER.zstd &&
    toSignedLevel(codec.values[0] ?? 0) >= STORED_LEVEL &&
    (shuffle === undefined || shuffle.id === FILTER.shuffle) &&
    (elementBytes === datatype.size || byFrame)
  )
}

/** Flags and names say nothing about the stored bytes. */
function isSamePipeline(one: FilterPipeline, other: FilterPipeline): boolean {
  return (
    one.length === other.length &&
    one.every((filter, index) => {
      const { id, values } = other[index]!
      const isSameFilter = filter.id === id && filter.values.length === values.length
      return isSameFilter && filter.values.every((value, place) => value === values[place])
    })
  )
}
