import { InvalidInput } from '../errors.ts'
import { BoundedQueue } from './bounded-queue.ts'
import { copyNdArray, type NdArray } from './nd-array.ts'
import { requireArgument } from './require-argument.ts'

/** Events of one frame: feature name to data whose first dimension is the event. */
export type FrameEvents = ReadonlyMap<string, NdArray>

export interface FrameEntry {
  readonly frameIndex: number
  readonly events: FrameEvents
}

/** `index_unmapped` is a uint32. */
const MAX_FRAME_INDEX = 0xffffffff

/** Room for frames that came before their turn. */
const DEFAULT_EARLY_BYTES = 512 * 2 ** 20

/** Counted for each frame beside its data, so that a flood of frames without events is bounded too. */
const ENTRY_BYTES = 256

/**
 * Frames with their events, in any order, on their way to a queue writer. dcnum: the `event_queue`.
 *
 * Every frame has to be put exactly once, also one without events (an empty map).
 * Differs: can be closed or failed, so that a queue writer knows when nothing more will come; may be bounded in bytes.
 *
 * Frames that were taken out and wait there for earlier ones count too: above `earlyBytes` of them (default 512 MiB) only frames enter
 * that the queue writer waits for, and producers of later ones wait. So whoever puts all frames alone, one after the other, must not put
 * them further out of order than that.
 */
export class EventQueue extends BoundedQueue<FrameEntry> {
  readonly earlyBytes: number
  #keptBytes = 0
  /** Frames below are waited for. */
  #awaitedStop = 0

  constructor(limitBytes: number = Number.POSITIVE_INFINITY, earlyBytes: number = DEFAULT_EARLY_BYTES) {
    super(limitBytes)
    requireArgument(earlyBytes > 0, 'earlyBytes', {
      expected: 'a number of bytes above 0',
      actual: earlyBytes,
    })
    this.earlyBytes = earlyBytes
  }

  /**
   * Puts a copy of the events, so that the caller may use its arrays again at once. Resolves once the frame is in the queue. Rejects
   * once the queue was closed or failed, or the queue writer stopped, and with InvalidInput (E_FRAME, E_USAGE) for what is no frame.
   */
  async put(frameIndex: number, events: FrameEvents): Promise<void> {
    requireArgument(events instanceof Map, 'events', {
      expected: 'a Map of features to arrays',
      actual: events,
    })
    await this.give(
      frameIndex,
      new Map(Array.from(events, ([feature, data]) => [feature, copyNdArray(data)])),
    )
  }

  /** As `put`, but without a copy: the caller must leave the arrays alone from now on. */
  give(frameIndex: number, events: FrameEvents): Promise<void> {
    if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex > MAX_FRAME_INDEX) {
      const message = `a frame has an index from 0 to ${MAX_FRAME_INDEX}, not ${frameIndex}`
      return Promise.reject(new InvalidInput('E_FRAME', message, { actual: frameIndex }))
    }
    return this.add({ frameIndex, events }, countEventBytes(events))
  }

  /** Do frames that came too early hold back the producers of later ones? */
  get isHoldingBack(): boolean {
    return !this.isClosed && this.#keptBytes >= this.earlyBytes
  }

  /** For whoever wonders why nothing goes on. */
  describeHold(): string {
    const limit = `${Math.round(this.earlyBytes / 2 ** 20)} MiB`
    return `${limit} of frames came before their turn, so producers wait until frames below ${this.#awaitedStop} are there; put frames nearer to their order`
  }

  /** Whoever waits for room now is the last, so all of them are let in. */
  override close(): void {
    super.close()
    this.admit()
  }

  /** For who takes frames out: so many bytes wait there for earlier frames. */
  noteKept(bytes: number): void {
    this.#keptBytes += bytes
  }

  /** The counterpart of `noteKept`: their turn has come. */
  noteReleased(bytes: number): void {
    this.#keptBytes -= bytes
    this.admit()
  }

  /** Frames with an index below are waited for: they may always enter. */
  awaitFrames(stop: number): void {
    this.#awaitedStop = stop
    this.admit()
  }

  protected override hasRoomFor(bytes: number): boolean {
    return !this.isHoldingBack && super.hasRoomFor(bytes)
  }

  /** Only where frames are held back: else each waits for its turn. */
  protected override isUrgent({ frameIndex }: FrameEntry): boolean {
    return this.isHoldingBack && frameIndex < this.#awaitedStop
  }
}

/** Bytes that a frame counts for in a queue. */
export function countEventBytes(events: FrameEvents): number {
  let bytes = ENTRY_BYTES
  for (const data of events.values()) bytes += data.bytes.length
  return bytes
}
