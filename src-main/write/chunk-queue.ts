import type { StoredBand } from '../hdf5/writing/file-writer.ts'
import { BoundedQueue } from './bounded-queue.ts'
import type { NdArray } from './nd-array.ts'

/** One piece of a feature, events in order, that waits to be written: its values, or a band of chunks as another file stores them. */
export type FeatureChunk =
  | { readonly feature: string; readonly data: NdArray }
  | { readonly feature: string; readonly band: StoredBand }

/** Room of a queue in the library; jobs use less. */
export const DEFAULT_QUEUE_BYTES = 256 * 2 ** 20

/**
 * The queue of what still waits to be written. dcnum: the `deque` called `dq` or `writer_dq`.
 *
 * Differs: bounded in bytes (`push` waits while it is full), and whoever takes is woken instead of polling.
 */
export class ChunkQueue extends BoundedQueue<FeatureChunk> {
  constructor(limitBytes: number = DEFAULT_QUEUE_BYTES) {
    super(limitBytes)
  }

  /** Resolves once the data are in the queue. Rejects once the queue was closed or its writer failed. */
  push(feature: string, data: NdArray): Promise<void> {
    return this.add({ feature, data }, data.bytes.length)
  }

  /** As `push`, for chunks of another file. */
  pushStored(feature: string, band: StoredBand): Promise<void> {
    const bytes = band.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0)
    return this.add({ feature, band }, bytes)
  }
}
