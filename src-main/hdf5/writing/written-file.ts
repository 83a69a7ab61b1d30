import type { ChunkRecord } from '../model.ts'
import type { DatasetSpec } from './dataset-spec.ts'

/** Bytes of the file that are not a chunk: superblock, padding, headers, indexes, heaps, contiguous data. */
export interface WrittenBlock {
  readonly offset: number
  readonly length: number
  /** SHA-256 of the bytes as written. */
  readonly sha256: Uint8Array
}

export interface WrittenChunk extends ChunkRecord {
  /** SHA-256 of the chunk, of which form `digestOf` says; null where the file is written without (`digests: false`). */
  readonly sha256: Uint8Array | null
  /** The chunk before the filters, or, where it was taken over as it was stored, its stored bytes. */
  readonly digestOf: 'values' | 'stored'
  /** Bytes of the chunk before the filters. */
  readonly rawBytes: number
}

export interface WrittenDataset {
  readonly path: string
  /** Length of the first dimension; 1 for a scalar, 0 for a null dataspace. */
  readonly rowCount: number
  readonly spec: DatasetSpec
  /** In ascending order of gridIndex; none for contiguous data, which are blocks. */
  readonly chunks: readonly WrittenChunk[]
}

/** What a complete file consists of: blocks and chunks tile [0, bytes) without gap and overlap. */
export interface WrittenFile {
  readonly bytes: number
  /** In ascending order of offset. */
  readonly blocks: readonly WrittenBlock[]
  readonly datasets: readonly WrittenDataset[]
}
