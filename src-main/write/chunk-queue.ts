import type { StoredBand, StoredRun } from '../hdf5/writing/file-writer.ts'
import { BoundedQueue } from './bounded-queue.ts'
import { copyNdArray, type NdArray } from './nd-array.ts'
import { requireName } from './require-argument.ts'

/**
 * A piece, events in order, that waits to be written: values of a feature, a band of chunks that another file stores otherwise, or a run
 * of chunks of several features that go over as they are.
 */
export type FeatureChunk =
  | { readonly feature: string; readonly data: NdArray }
  | { readonly feature: string; readonly band: StoredBand }
  | { readonly feature?: undefined; readonly run: StoredRun }

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

  /**
   * Adds a copy of the data, so that the caller may use its array again at once. Resolves once they are in the queue. Rejects once the
   * queue was closed, or its writer has ended or failed, and with InvalidInput (E_USAGE) for what is no array.
   */
  async push(feature: string, data: NdArray): Promise<void> {
    requireName(feature, 'feature')
    await this.give(feature, copyNdArray(data))
  }

  /** As `push`, but without a copy: the caller must leave the array alone from now on. */
  give(feature: string, data: NdArray): Promise<void> {
    return this.add({ feature, data }, data.bytes.length)
  }

  /** As `push`, for chunks of another file that are to be stored otherwise. */
  pushBand(feature: string, band: StoredBand): Promise<void> {
    const bytes = band.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0)
    return this.add({ feature, band }, bytes)
  }

  /** As `push`, for chunks of another file that go over as they are. */
  pushRun(run: StoredRun): Promise<void> {
    return this.add({ run }, run.bytes.length)
  }
}
