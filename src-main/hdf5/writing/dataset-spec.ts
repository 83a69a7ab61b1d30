import type { Datatype, FilterPipeline } from '../model.ts'

export interface ChunkedStorage {
  readonly kind: 'chunked'
  readonly chunkShape: readonly number[]
  readonly filters: FilterPipeline
  /** A chunk that would never be filled becomes as long as the rows that there are when the file is settled. */
  readonly fitsRows?: boolean | undefined
  /**
   * The dataset is one chunk, of which its header says where it lies: no index, but HDF5 1.10 or newer to read it. Shape, maximum and chunk
   * have to be the same.
   */
  readonly isSingle?: boolean | undefined
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
