import { InvalidInput } from '../errors.ts'
import { BoundedQueue } from './bounded-queue.ts'
import type { NdArray } from './nd-array.ts'

/** Events of one frame: feature name to data whose first dimension is the event. */
export type FrameEvents = ReadonlyMap<string, NdArray>

export interface FrameEntry {
  readonly frameIndex: number
  readonly events: FrameEvents
}

/** `index_unmapped` is a uint32. */
const MAX_FRAME_INDEX = 0xffffffff

/** Counted for each frame beside its data, so that a flood of frames without events is bounded too. */
const ENTRY_BYTES = 256

/**
 * Frames with their events, in any order, on their way to a queue writer. dcnum: the `event_queue`.
 *
 * Every frame has to be put exactly once, also one without events (an empty map).
 * Differs: can be closed or failed, so that a queue writer knows when nothing more will come; may be bounded in bytes.
 */
export class EventQueue extends BoundedQueue<FrameEntry> {
  constructor(limitBytes: number = Number.POSITIVE_INFINITY) {
    super(limitBytes)
  }

  /** Resolves once the frame is in the queue. Rejects once the queue was closed or failed, or the queue writer stopped. */
  put(frameIndex: number, events: FrameEvents): Promise<void> {
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex > MAX_FRAME_INDEX) {
      const message = `a frame has an index from 0 to ${MAX_FRAME_INDEX}, not ${frameIndex}`
      return Promise.reject(new InvalidInput('E_FRAME', message, { actual: frameIndex }))
    }
    return this.add({ frameIndex, events }, countEventBytes(events))
  }
}

/** Bytes that a frame counts for in a queue. */
export function countEventBytes(events: FrameEvents): number {
  let bytes = ENTRY_BYTES
  for (const data of events.values()) bytes += data.bytes.length
  return bytes
}
