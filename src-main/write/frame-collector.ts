import { Cancelled, InvalidInput, toWeirError } from '../errors.ts'
import { countEventBytes, type EventQueue, type FrameEntry, type FrameEvents } from './event-queue.ts'
import { EventStash, type FeatureLayout } from './event-stash.ts'
import { UNKNOWN_COUNT, type FeatNevents } from './feat-nevents.ts'

export interface FrameCollectorOptions {
  /** Frames in one stash. */
  readonly writeThreshold: number
  /** Index of the frame at position 0 of `featNevents`. */
  readonly frameOffset: number
  /** Frames that arrived already. */
  readonly buffer: readonly FrameEntry[]
  /** Told once, when frames that came too early hold back all others. */
  readonly onHeldBack?: ((message: string) => void) | undefined
}

/** What a queue writer adds to the features itself. */
const OWN_FEATURES = ['index_unmapped', 'nevents'] as const

/** The event queue ended before all frames were there. `E_FRAMES`, with the error that ended it as cause. */
export class FramesMissing extends InvalidInput {}

/**
 * Takes frames from the event queue in any order and gives them back in order, `writeThreshold` frames at a time.
 * dcnum: the loop of `QueueWriterBase.run`. Early frames are kept until it is their turn.
 */
export class FrameCollector {
  readonly #queue: EventQueue
  readonly #featNevents: FeatNevents
  readonly #options: FrameCollectorOptions
  /** Frames that arrived and are not in a stash yet, by position. */
  readonly #early = new Map<number, FrameEvents>()
  /** Position of the first frame that was not given out. */
  #start = 0
  #stash: EventStash | undefined
  #layout: FeatureLayout | undefined
  #hasToldOfHold = false

  constructor(queue: EventQueue, featNevents: FeatNevents, options: FrameCollectorOptions) {
    this.#queue = queue
    this.#featNevents = featNevents
    this.#options = options
  }

  /**
   * The next frames, complete and sorted; undefined after the last.
   *
   * Throws FramesMissing once the queue ended too early, InvalidInput (E_FRAME) for a frame that does not fit; it names the frame.
   */
  async nextStash(): Promise<EventStash | undefined> {
    if (this.#start === 0) for (const entry of this.#options.buffer) this.#keep(entry)
    const stop = this.#start + this.#options.writeThreshold
    this.#queue.awaitFrames(this.#options.frameOffset + stop)
    await this.#untilKnown(this.#start, stop)
    const counts = this.#featNevents.slice(this.#start, stop)
    if (counts.length === 0) {
      this.#requireNothingLeft()
      return undefined
    }
    const stash = await this.#fillStash(counts)
    this.#advance(stash, counts.length)
    return stash
  }

  /** After FramesMissing: what did arrive, in order, in stashes as before; frames that did not arrive have no events there. */
  *salvage(): Generator<{ readonly stash: EventStash; readonly frames: number }> {
    const open = this.#stash
    if (open) {
      const frames = open.numFrames - open.missingFrames().length
      this.#stash = undefined
      const kept = open.dropMissing()
      this.#advance(kept, kept.numFrames)
      if (frames > 0) yield { stash: kept, frames }
    }
    while (this.#early.size > 0) {
      const before = this.#early.size
      const stash = this.#stashOfEarly()
      this.#advance(stash, stash.numFrames)
      const frames = before - this.#early.size
      if (frames > 0) yield { stash, frames }
    }
  }

  /** Waits until the number of events of these frames is known, and takes in what arrives meanwhile so that producers can go on. */
  async #untilKnown(start: number, stop: number): Promise<void> {
    const counts = { areKnown: false }
    const known = this.#featNevents.waitFor(start, stop).then(() => {
      counts.areKnown = true
    })
    while (!counts.areKnown) {
      const entry = this.#queue.shift()
      if (entry) this.#keep(entry)
      else if (!this.#queue.isEnded) await Promise.race([known, this.#sleep()])
      else if (this.#featNevents.isKnown(start, stop)) return
      else throw this.#describeMissing()
    }
  }

  async #fillStash(counts: ArrayLike<number>): Promise<EventStash> {
    const stash = new EventStash(this.#options.frameOffset + this.#start, counts, { layout: this.#layout })
    this.#stash = stash
    for (let position = this.#start; position < this.#start + stash.numFrames; position++)
      this.#moveEarly(position, stash)
    while (!stash.isComplete()) {
      const entry = this.#queue.shift()
      if (entry) {
        this.#keep(entry)
        this.#moveEarly(entry.frameIndex - this.#options.frameOffset, stash)
      } else if (this.#queue.isEnded) {
        throw this.#describeMissing()
      } else {
        await this.#sleep()
      }
    }
    this.#stash = undefined
    return stash
  }

  #sleep(): Promise<void> {
    if (this.#queue.isHoldingBack && !this.#hasToldOfHold) {
      this.#hasToldOfHold = true
      this.#options.onHeldBack?.(this.#queue.describeHold())
    }
    return this.#queue.arrivals.wait()
  }

  #moveEarly(position: number, stash: EventStash): void {
    if (position >= this.#start + stash.numFrames) return
    const events = this.#takeEarly(position)
    if (events) stash.addEvents(this.#options.frameOffset + position, events)
  }

  #takeEarly(position: number): FrameEvents | undefined {
    const events = this.#early.get(position)
    if (events && this.#early.delete(position)) this.#queue.noteReleased(countEventBytes(events))
    return events
  }

  #keep(entry: FrameEntry): void {
    const { frameIndex, events } = entry
    const position = frameIndex - this.#options.frameOffset
    if (position < 0 || position >= this.#featNevents.length) {
      const range = `${this.#options.frameOffset} to ${this.#options.frameOffset + this.#featNevents.length - 1}`
      throw refuseFrame(frameIndex, `does not exist, there are only ${range}`)
    }
    const isThere =
      position < this.#start || this.#early.has(position) || this.#stash?.has(frameIndex) === true
    if (isThere) throw refuseFrame(frameIndex, 'was added twice')
    const own = OWN_FEATURES.find((feature) => events.has(feature))
    if (own) throw refuseFrame(frameIndex, `brings the feature ${own}, which the queue writer itself makes`)
    this.#early.set(position, events)
    this.#queue.noteKept(countEventBytes(events))
  }

  #advance(stash: EventStash, frameCount: number): void {
    this.#layout = stash.layout()
    this.#start += frameCount
  }

  #stashOfEarly(): EventStash {
    const stop = Math.min(this.#start + this.#options.writeThreshold, this.#featNevents.length)
    const positions = Array.from({ length: stop - this.#start }, (_, index) => this.#start + index)
    const counts = positions.map((position) => this.#countArrived(position))
    const stash = new EventStash(this.#options.frameOffset + this.#start, counts, { layout: this.#layout })
    for (const position of positions) {
      stash.addEvents(this.#options.frameOffset + position, this.#takeEarly(position) ?? new Map())
    }
    return stash
  }

  /** Events of a frame that arrived: as announced, or as it brings where that was not said any more. */
  #countArrived(position: number): number {
    const events = this.#early.get(position)
    if (!events) return 0
    const announced = this.#featNevents.get(position)
    return announced === UNKNOWN_COUNT ? ([...events.values()][0]?.shape[0] ?? 0) : announced
  }

  #requireNothingLeft(): void {
    const entry = this.#queue.shift()
    if (entry) this.#keep(entry)
    const [position] = this.#early.keys()
    if (position !== undefined)
      throw refuseFrame(this.#options.frameOffset + position, 'came behind the last frame')
  }

  #describeMissing(): Error {
    const cause = this.#queue.failure?.error
    if (cause instanceof Cancelled) return cause
    const missing = this.#listMissing()
    const reason = cause === undefined ? 'the event queue was closed' : toWeirError(cause).message
    const total = this.#featNevents.length
    return new FramesMissing(
      'E_FRAMES',
      `${missing.text} of ${total} never arrived (${reason}); what arrived is in the output`,
      {
        expected: total,
        actual: total - missing.count,
        cause,
      },
    )
  }

  #listMissing(): { readonly text: string; readonly count: number } {
    const NAMED = 5
    const named: number[] = []
    let count = 0
    for (let position = this.#start; position < this.#featNevents.length; position++) {
      const frameIndex = this.#options.frameOffset + position
      if (this.#early.has(position) || this.#stash?.has(frameIndex)) continue
      if (++count <= NAMED) named.push(frameIndex)
    }
    const more = count > NAMED ? ` and ${count - NAMED} more` : ''
    return { text: `${count === 1 ? 'frame' : 'frames'} ${named.join(', ')}${more}`, count }
  }
}

function refuseFrame(frameIndex: number, message: string): InvalidInput {
  return new InvalidInput('E_FRAME', `frame ${frameIndex} ${message}`, { actual: frameIndex })
}
