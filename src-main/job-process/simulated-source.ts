import type { Attribute } from '../hdf5/model.ts'
import type { FrameEvents } from '../write/event-queue.ts'
import type { FrameBlockReader, RecordSource } from './record-source.ts'
import type { SimulatedInstrument } from './simulated-instrument.ts'

/** Three pictures of 80 x 320 and some thirty numbers. */
const EVENT_BYTES = 3 * 80 * 320 + 256

/** Frames of the simulated instrument. */
export class SimulatedSource implements RecordSource {
  readonly inputPath = null
  readonly frameCount: number
  readonly totalEvents: number
  readonly eventBytes = EVENT_BYTES
  readonly features = []
  readonly attributes: readonly Attribute[]
  readonly #counts: Uint8Array

  constructor(readonly instrument: SimulatedInstrument) {
    this.frameCount = instrument.frameCount
    this.attributes = instrument.attributes
    this.#counts = Uint8Array.from({ length: instrument.frameCount }, (_, index) => instrument.nEvents(index))
    this.totalEvents = this.#counts.reduce((sum, count) => sum + count, 0)
  }

  countEvents(frameIndex: number): number {
    return this.#counts[frameIndex] ?? 0
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
