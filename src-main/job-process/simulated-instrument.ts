import type { Attribute } from '../hdf5/model.ts'
import { InvalidInput } from '../errors.ts'
import { fromTypedArray, type NdArray } from '../write/nd-array.ts'
import { CAMERA, CellStream } from './simulated-instrument-cells.ts'
import { computeFeatures } from './simulated-instrument-features.ts'
import { ChannelCamera, drawMask } from './simulated-instrument-image.ts'
import { makeInstrumentAttributes, makeInstrumentLog } from './simulated-instrument-metadata.ts'
import { mixSeed, SeededRandom } from './simulated-instrument-random.ts'

/** One picture of the camera. Pictures are (80, 320) uint8, row by row. */
export interface SimulatedFrame {
  readonly index: number
  readonly image: Uint8Array
  readonly background: Uint8Array
  readonly events: readonly SimulatedEvent[]
}

/** One cell in a frame. */
export interface SimulatedEvent {
  /** 0/255, the cell's pixels. */
  readonly mask: Uint8Array
  /** Scalar features in the units of the format. */
  readonly features: Readonly<Record<string, number>>
}

/**
 * A deformability-cytometry instrument that exists only in arithmetic: cells flow through a channel, a camera takes
 * pictures, masks and features follow from them. The same seed gives the same bytes on every machine, frame by frame,
 * in whatever order the frames are asked for.
 */
export class SimulatedInstrument {
  readonly seed: number
  readonly frameCount: number
  /** Root attributes of the measurement; `experiment:event count` is left to the writer. */
  readonly attributes: readonly Attribute[]
  /** Lines for a log of the instrument. */
  readonly logLines: readonly string[]
  readonly #cells: CellStream
  readonly #camera: ChannelCamera

  constructor({ seed, frameCount }: { readonly seed: number; readonly frameCount: number }) {
    this.seed = seed
    this.frameCount = frameCount
    this.attributes = makeInstrumentAttributes(seed)
    this.logLines = makeInstrumentLog(seed, frameCount)
    this.#cells = new CellStream(seed)
    this.#camera = new ChannelCamera(seed)
  }

  /** Number of events in a frame, 0 to 3, without drawing it. @throws InvalidInput if there is no such frame. */
  nEvents(index: number): number {
    this.#checkIndex(index)
    return this.#cells.cellsWhole(index).length
  }

  /** A frame with its events. @throws InvalidInput if there is no such frame. */
  frame(index: number): SimulatedFrame {
    this.#checkIndex(index)
    const image = this.#camera.image(index, this.#cells.cellsInView(index))
    const background = this.#camera.background(index)
    const events = this.#cells.cellsWhole(index).map((cell) => {
      const mask = drawMask(cell)
      return { mask, features: computeFeatures({ image, background, mask }) }
    })
    return { index, image, background, events }
  }

  /**
   * A frame's events as arrays for the event queue: scalars float64 (`frame` uint64, from 1), image, image_bg and mask
   * (n, 80, 320) uint8. A frame without events gives an empty record.
   */
  eventsOf(index: number): Readonly<Record<string, NdArray>> {
    if (this.nEvents(index) === 0) return {}
    const frame = this.frame(index)
    const count = frame.events.length
    const names = Object.keys(frame.events[0]!.features)
    const scalars = names.map(
      (name) => [name, Float64Array.from(frame.events, (event) => event.features[name]!)] as const,
    )
    return {
      image: stackPictures(frame.events.map(() => frame.image)),
      image_bg: stackPictures(frame.events.map(() => frame.background)),
      mask: stackPictures(frame.events.map((event) => event.mask)),
      ...Object.fromEntries(scalars.map(([name, values]) => [name, fromTypedArray(values)])),
      frame: fromTypedArray(new BigUint64Array(count).fill(BigInt(index + 1))),
      time: fromTypedArray(new Float64Array(count).fill(index / CAMERA.frameRate)),
      temp: fromTypedArray(new Float64Array(count).fill(this.#temperature(index))),
    }
  }

  /** Degrees Celsius, read by a sensor with two decimals. */
  #temperature(index: number): number {
    const noise = new SeededRandom(mixSeed(this.seed, 20, index)).normal(0, 0.015)
    return Math.round((23 + 0.2 * Math.sin(index / 3000) + noise) * 100) / 100
  }

  #checkIndex(index: number): void {
    if (Number.isInteger(index) && index >= 0 && index < this.frameCount) return
    throw new InvalidInput('E_RANGE', `frame ${index} is not one of the ${this.frameCount} frames`, {
      expected: this.frameCount,
      actual: index,
    })
  }
}

function stackPictures(pictures: readonly Uint8Array[]): NdArray {
  const stack = new Uint8Array(pictures.length * CAMERA.height * CAMERA.width)
  pictures.forEach((picture, place) => stack.set(picture, place * picture.length))
  return fromTypedArray(stack, [pictures.length, CAMERA.height, CAMERA.width])
}
