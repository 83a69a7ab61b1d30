import type { HeaderMessage } from './object-header.ts'
import type { WrittenChunk } from './written-file.ts'

/** Takes the rows of a dataset, one call after the other, and knows where they lie. */
export interface RowStore {
  /** Bytes that the data take in the file so far. */
  readonly storedBytes: number
  /** In ascending order of gridIndex. */
  readonly chunks: readonly WrittenChunk[]
  /** Whole rows; the bytes are borrowed until it resolves. */
  append(rows: Uint8Array): Promise<void>
  /** Hands over what is still collected. Nothing may be appended afterwards. */
  flush(): Promise<void>
  /** The layout message, after everything is stored; writes the index. */
  describeLayout(): HeaderMessage
}
