import type { Datatype, FilterPipeline } from '../model.ts'

/** What a new dataset is to be. */
export interface DatasetSpec {
  readonly datatype: Datatype
  /** Length per dimension now; for a growing dataset the first is 0 (or more) and counts up with `append`. `[]`: scalar. `null`: null dataspace. */
  readonly shape: readonly number[] | null
  /** `null`: unlimited. Left out: as `shape` (contiguous) or first dimension unlimited (chunked). */
  readonly maxShape?: readonly (number | null)[] | undefined
  readonly storage:
    | { readonly kind: 'chunked'; readonly chunkShape: readonly number[]; readonly filters: FilterPipeline }
    | { readonly kind: 'contiguous' }
  /** One element; left out: zeros. */
  readonly fillValue?: Uint8Array | undefined
}
