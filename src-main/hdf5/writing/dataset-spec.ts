import type { ZstdParameters } from '../filters/zstd-codec.ts'
import type { Datatype, FilterPipeline } from '../model.ts'

export interface ChunkedStorage {
  readonly kind: 'chunked'
  readonly chunkShape: readonly number[]
  readonly filters: FilterPipeline
  /** What zstd is asked for; left out: the level in the filters. */
  readonly encoder?: ZstdParameters | undefined
  /** A chunk that would never be filled becomes as long as the rows that there are when the file is settled. */
  readonly fitsRows?: boolean | undefined
  /**
   * The dataset is one chunk, of which its header says where it lies: no index, but HDF5 1.10 or newer to read it. Shape, maximum and chunk
   * have to be the same.
   */
  readonly isSingle?: boolean | undefined
}

/** How chunks are to be encoded. */
export interface ChunkCoding {
  readonly filters: FilterPipeline
  readonly encoder: ZstdParameters | undefined
}

/** Settles the filters of a dataset by what its first chunk holds. */
export interface ChunkPlanner {
  /** Borrows the chunk, which is not yet filtered. */
  plan(chunk: Uint8Array): Promise<ChunkCoding>
  /** Asked again with the first chunk behind every `renewalBytes`; filters stay what they are. */
  renew(chunk: Uint8Array): Promise<ZstdParameters | undefined>
  readonly renewalBytes: number
}

/** What a new dataset is to be. */
export interface DatasetSpec {
  readonly datatype: Datatype
  /** Length per dimension now; for a growing dataset the first is 0 (or more) and counts up with `append`. `[]`: scalar. `null`: null dataspace. */
  readonly shape: readonly number[] | null
  /** `null`: unlimited. Left out: as `shape` (contiguous) or first dimension unlimited (chunked). */
  readonly maxShape?: readonly (number | null)[] | undefined
  readonly storage: ChunkedStorage | { readonly kind: 'contiguous' }
  /** One element; left out: zeros. */
  readonly fillValue?: Uint8Array | undefined
}
