import type { ChunkRecord } from '../model.ts'
import type { DatasetSpec } from './dataset-spec.ts'

/** Bytes of the file that are not a chunk: superblock, padding, headers, indexes, heaps, contiguous data. */
export interface WrittenBlock {
  readonly offset: number
  readonly length: number
  /** SHA-256 of the bytes as written. */
  readonly sha256: Uint8Array
}

/** Plain data, so that it can be kept beside an unfinished file. */
export interface WrittenChunk extends ChunkRecord {
  /**
   * CRC-32 of the stored bytes, of which it was proven that they decode to what went in; null where the file is written without proofs.
   */
  readonly checksum: number | null
  /** It was taken over as another file had stored it. */
  readonly isKept: boolean
  /** SHA-256 (hexadecimal) of the stored bytes of a kept chunk; null where nobody asks for it. */
  readonly sha256: string | null
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
