import type { Attribute } from '../hdf5/model.ts'
import type { FrameEvents } from '../write/event-queue.ts'
import type { FrameBlockReader, RecordSource } from './record-source.ts'
import type { SimulatedInstrument } from './simulated-instrument.ts'

/** Three pictures of 80 x 320 and some thirty numbers. */
const EVENT_BYTES = 3 * 80 * 320 + 256

/** Counting takes some microseconds a frame, and nobody waits minutes for a number: of more frames than these it is scaled up. */
const COUNTED_FRAMES = 20_000

/** Frames of the simulated instrument. */
export class SimulatedSource implements RecordSource {
  readonly inputPath = null
  readonly frameCount: number
  /** Exact for up to 20,000 frames, else within about a percent. */
  readonly totalEvents: number
  readonly eventBytes = EVENT_BYTES
  readonly features = []
  readonly attributes: readonly Attribute[]

  constructor(readonly instrument: SimulatedInstrument) {
    this.frameCount = instrument.frameCount
    this.attributes = instrument.attributes
    const countedFrames = Math.min(this.frameCount, COUNTED_FRAMES)
    let events = 0
    for (let index = 0; index < countedFrames; index++) events += instrument.nEvents(index)
    this.totalEvents = Math.round((events / Math.max(1, countedFrames)) * this.frameCount)
  }

  countEvents(frameIndex: number): number {
    return this.instrument.nEvents(frameIndex)
  }

  openReader(): Promise<FrameBlockReader> {
    return Promise.resolve({ readFrames: (start, stop) => Promise.resolve(this.#readFrames(start, stop)) })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #readFrames(start: number, stop: number): FrameEvents[] {
    return Array.from(
      { length: stop - start },
      (_, position) => new Map(Object.entries(this.instrument.eventsOf(start + position))),
    )
  }
}
