import { InvalidInput } from '../errors.ts'
import { requireArgument } from './require-argument.ts'

/** A frame whose number of events is not known yet. */
export const UNKNOWN_COUNT = -1

/** Told of every news, at once and in order. */
export interface CountListener {
  /** The number of events of a frame became known. */
  onCount(position: number, count: number): void
  /** No frame comes at this position or behind it. */
  onEnd(frameCount: number): void
}

interface RangeWaiter {
  readonly start: number
  stop: number
  unknown: number
  resolve(): void
}

/**
 * Number of events of each frame, filled in while frames are worked on. dcnum: the shared array `feat_nevents`.
 *
 * Position 0 is the first frame that a queue writer writes. Differs: `set` wakes who waits, nobody polls.
 */
export class FeatNevents {
  readonly #counts: Int32Array
  #length: number
  #waiters: RangeWaiter[] = []
  readonly #listeners = new Set<CountListener>()

  /** All counts of `frameCount` frames unknown. */
  constructor(frameCount: number) {
    if (!Number.isSafeInteger(frameCount) || frameCount < 0) {
      throw new InvalidInput('E_USAGE', `a number of frames is 0 or more, not ${frameCount}`, {
        actual: frameCount,
      })
    }
    this.#counts = new Int32Array(frameCount).fill(UNKNOWN_COUNT)
    this.#length = frameCount
  }

  /** With counts that are known already (-1: not yet). */
  static of(counts: ArrayLike<number>): FeatNevents {
    const isList =
      typeof counts === 'object' && Number.isSafeInteger((counts as ArrayLike<number> | null)?.length)
    requireArgument(isList, 'counts', { expected: 'a list of numbers of events', actual: counts })
    const made = new FeatNevents(counts.length)
    for (let position = 0; position < counts.length; position++) {
      const count = counts[position]
      if (count !== undefined && count !== UNKNOWN_COUNT) made.set(position, count)
    }
    return made
  }

  /** Number of frames. */
  get length(): number {
    return this.#length
  }

  /** Events of the frame at this position; -1: not known yet. */
  get(position: number): number {
    this.#requirePosition(position)
    return this.#counts[position] ?? UNKNOWN_COUNT
  }

  /** Says how many events a frame has. Throws E_FRAME for a position outside or a count that contradicts an earlier one. */
  set(position: number, count: number): void {
    this.#requirePosition(position)
    if (!Number.isInteger(count) || count < 0 || count > 0x7fffffff) {
      throw new InvalidInput('E_FRAME', `a frame has 0 or more events, not ${count} (frame ${position})`, {
        actual: count,
      })
    }
    const before = this.#counts[position] ?? UNKNOWN_COUNT
    if (before === count) return
    if (before !== UNKNOWN_COUNT) {
      const message = `frame ${position} was said to have ${before} events, now ${count}`
      throw new InvalidInput('E_FRAME', message, { expected: before, actual: count })
    }
    this.#counts[position] = count
    this.#tellWaiters(position)
    for (const listener of this.#listeners) listener.onCount(position, count)
  }

  /** Counts of the frames `start` to `stop` (excluded); `stop` may lie beyond the end. A copy. */
  slice(start: number, stop: number): Int32Array {
    return this.#counts.slice(start, Math.min(stop, this.#length))
  }

  /** Is no count between `start` and `stop` (excluded, may lie beyond the end) unknown? */
  isKnown(start: number, stop: number): boolean {
    return this.#countUnknown(start, stop) === 0
  }

  /** Resolves as soon as `isKnown(start, stop)`. */
  waitFor(start: number, stop: number): Promise<void> {
    const unknown = this.#countUnknown(start, stop)
    if (unknown === 0) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push({ start, stop, unknown, resolve }))
  }

  /** No frame will come at this position or behind it: a live source ended before the number of frames that was foreseen. */
  endAt(frameCount: number): void {
    if (!Number.isSafeInteger(frameCount) || frameCount < 0) {
      throw new InvalidInput('E_USAGE', `a number of frames is 0 or more, not ${frameCount}`, {
        actual: frameCount,
      })
    }
    this.#length = Math.min(this.#length, frameCount)
    for (const waiter of this.#waiters) waiter.unknown = this.#countUnknown(waiter.start, waiter.stop)
    this.#releaseServed()
    for (const listener of this.#listeners) listener.onEnd(this.#length)
  }

  /** Tells the listener of everything from now on, until the function that this returns is called. */
  follow(listener: CountListener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #countUnknown(start: number, stop: number): number {
    let unknown = 0
    for (let position = start; position < Math.min(stop, this.#length); position++) {
      if (this.#counts[position] === UNKNOWN_COUNT) unknown++
    }
    return unknown
  }

  #tellWaiters(position: number): void {
    for (const waiter of this.#waiters)
      if (position >= waiter.start && position < waiter.stop) waiter.unknown--
    this.#releaseServed()
  }

  #releaseServed(): void {
    if (!this.#waiters.some((waiter) => waiter.unknown === 0)) return
    const waiters = this.#waiters
    this.#waiters = waiters.filter((waiter) => waiter.unknown > 0)
    for (const waiter of waiters) if (waiter.unknown === 0) waiter.resolve()
  }

  #requirePosition(position: number): void {
    if (Number.isInteger(position) && position >= 0 && position < this.#length) return
    throw new InvalidInput('E_FRAME', `there are ${this.#length} frames, no frame ${position}`, {
      expected: `0 to ${this.#length - 1}`,
      actual: position,
    })
  }
}
