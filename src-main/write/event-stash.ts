import { InvalidInput } from '../errors.ts'
import type { Datatype } from '../hdf5/model.ts'
import type { FrameEvents } from './event-queue.ts'
import {
  checkNdArray,
  countElements,
  describeItem,
  isSameDatatype,
  isSameShape,
  itemShapeOf,
  type NdArray,
} from './nd-array.ts'
import { requireArgument } from './require-argument.ts'

/** Which features frames have, and what one event of each is. */
export type FeatureLayout = ReadonlyMap<
  string,
  { readonly datatype: Datatype; readonly itemShape: readonly number[] }
>

export interface EventStashOptions {
  /** What earlier stashes of the same output held; frames must fit it. */
  readonly layout?: FeatureLayout | undefined
}

/**
 * Sorts events of a run of frames into arrays, one a feature, whatever the order of arrival. dcnum: `EventStash`.
 *
 * Events of the frame at position i land at rows `nevIdx[i] - featNevents[i]` to `nevIdx[i]`.
 * Differs: refuses what would leave zeros or other frames' rows in the arrays (see `addEvents`).
 */
export class EventStash {
  /** Feature name to array, first dimension `size`. */
  readonly events = new Map<string, NdArray>()
  /** Number of events of each frame. */
  readonly featNevents: readonly number[]
  /** Cumulative sum of `featNevents`. */
  readonly nevIdx: readonly number[]
  /** Number of events. */
  readonly size: number
  readonly numFrames: number
  /** Index of the first frame. */
  readonly indexOffset: number
  /** Index of the frame of each event. */
  readonly indicesForData: Uint32Array
  readonly #wasAdded: boolean[]
  #layout: FeatureLayout | undefined
  #addedCount = 0
  /** First frame with events: later ones are held against it. */
  #modelFrame: number | undefined

  constructor(indexOffset: number, featNevents: ArrayLike<number>, options: EventStashOptions = {}) {
    requireArgument(Number.isSafeInteger(indexOffset) && indexOffset >= 0, 'indexOffset', {
      expected: 'the index of the first frame',
      actual: indexOffset,
    })
    requireArgument(isList(featNevents), 'featNevents', {
      expected: 'a list of numbers of events',
      actual: featNevents,
    })
    this.featNevents = Array.from(featNevents)
    this.featNevents.forEach((count, position) => requireCount(count, indexOffset + position))
    this.nevIdx = sumUp(this.featNevents)
    this.size = this.nevIdx.at(-1) ?? 0
    this.numFrames = this.featNevents.length
    this.indexOffset = indexOffset
    this.indicesForData = new Uint32Array(this.size)
    this.#wasAdded = new Array<boolean>(this.numFrames).fill(false)
    this.#layout = options.layout
  }

  /** Was every frame added? */
  isComplete(): boolean {
    return this.#addedCount === this.numFrames
  }

  /** Was the frame with this index added? */
  has(index: number): boolean {
    return this.#wasAdded[index - this.indexOffset] === true
  }

  /** Indices of frames that were not added yet. */
  missingFrames(): number[] {
    return this.#wasAdded.flatMap((added, position) => (added ? [] : [this.indexOffset + position]))
  }

  /**
   * Adds the events of one frame; an empty map for a frame without events.
   *
   * Throws InvalidInput (E_FRAME) that names frame and feature, and leaves the stash as it was: index outside the stash, a
   * frame added twice, a number of events other than announced, a dtype or shape that differs from the feature's first, a feature that the
   * frame lacks or has too much.
   */
  addEvents(index: number, events: FrameEvents): void {
    const position = index - this.indexOffset
    const count = this.featNevents[position]
    if (count === undefined) throw this.#refuseIndex(index)
    if (this.#wasAdded[position]) throw refuse(index, undefined, { message: 'was added twice' })
    requireArgument(events instanceof Map, 'events', {
      expected: 'a Map of features to arrays',
      actual: events,
    })
    this.#checkCounts(index, count, events)
    if (count > 0) this.#checkLayout(index, events)
    if (count > 0) this.#store(index, events)
    this.#wasAdded[position] = true
    this.#addedCount++
  }

  /** The array of a feature, made of zeros for `size` events if there is none yet. `sample`: data of one event. */
  requireFeature(feat: string, sample: NdArray): NdArray {
    const existing = this.events.get(feat)
    if (existing) return existing
    const made: NdArray = {
      datatype: sample.datatype,
      shape: [this.size, ...sample.shape],
      bytes: new Uint8Array(this.size * countElements(sample.shape) * sample.datatype.size),
    }
    this.events.set(feat, made)
    return made
  }

  /** For each event the number of events in its frame. dcnum: the feature `nevents`, int64 there too. */
  neventsForData(): BigInt64Array {
    const nevents = new BigInt64Array(this.size)
    this.featNevents.forEach((count, position) => {
      const stop = this.nevIdx[position] ?? 0
      nevents.fill(BigInt(count), stop - count, stop)
    })
    return nevents
  }

  /** What frames with events hold; undefined until one is known. */
  layout(): FeatureLayout | undefined {
    return this.#layout
  }

  /**
   * A stash of the same frames in which those that were not added have no events, so that it is complete: what is left when
   * the rest will never come.
   */
  dropMissing(): EventStash {
    const counts = this.featNevents.map((count, position) => (this.#wasAdded[position] ? count : 0))
    const kept = new EventStash(this.indexOffset, counts, { layout: this.#layout })
    for (const [feat, array] of this.events) {
      const sample = { datatype: array.datatype, shape: itemShapeOf(array), bytes: array.bytes }
      const target = kept.requireFeature(feat, sample).bytes
      const itemBytes = countElements(sample.shape) * array.datatype.size
      this.#eachAdded((position, start, stop) => {
        const targetStop = kept.nevIdx[position] ?? 0
        target.set(
          array.bytes.subarray(start * itemBytes, stop * itemBytes),
          (targetStop - (stop - start)) * itemBytes,
        )
      })
    }
    kept.#markAll()
    return kept
  }

  #eachAdded(visit: (position: number, start: number, stop: number) => void): void {
    this.#wasAdded.forEach((added, position) => {
      const stop = this.nevIdx[position] ?? 0
      if (added) visit(position, stop - (this.featNevents[position] ?? 0), stop)
    })
  }

  #markAll(): void {
    this.#wasAdded.fill(true)
    this.#addedCount = this.numFrames
    this.#eachAdded((position, start, stop) =>
      this.indicesForData.fill(this.indexOffset + position, start, stop),
    )
  }

  #checkCounts(index: number, count: number, events: FrameEvents): void {
    for (const [feat, data] of events) {
      checkNdArray(data)
      const rows = data.shape[0]
      if (rows === count) continue
      const message = `brings ${rows ?? 'a scalar instead of'} events, but ${count} were announced`
      throw refuse(index, feat, { message, expected: count, actual: rows ?? 'scalar' })
    }
    if (count === 0 || events.size > 0) return
    throw refuse(index, undefined, {
      message: `brings no events, but ${count} were announced`,
      expected: count,
      actual: 0,
    })
  }

  #checkLayout(index: number, events: FrameEvents): void {
    const layout = this.#layout
    if (!layout) return
    for (const [feat, model] of layout) {
      const data = events.get(feat)
      if (!data)
        throw refuse(index, feat, {
          message: `has events but lacks this feature, which ${this.#nameModel()} has`,
        })
      if (isSameDatatype(data.datatype, model.datatype) && isSameShape(itemShapeOf(data), model.itemShape))
        continue
      const expected = describeItem(model.datatype, model.itemShape)
      const actual = describeItem(data.datatype, itemShapeOf(data))
      throw refuse(index, feat, {
        message: `brings ${actual} an event, ${this.#nameModel()} had ${expected}`,
        expected,
        actual,
      })
    }
    for (const feat of events.keys()) {
      if (layout.has(feat)) continue
      const message = `has events but lacks this feature, which frame ${index} brings`
      if (this.#modelFrame !== undefined) throw refuse(this.#modelFrame, feat, { message })
      throw refuse(index, feat, { message: 'brings this feature, which the frames before lack' })
    }
  }

  #store(index: number, events: FrameEvents): void {
    const position = index - this.indexOffset
    const stop = this.nevIdx[position] ?? 0
    const start = stop - (this.featNevents[position] ?? 0)
    for (const [feat, data] of events) {
      const item: NdArray = { datatype: data.datatype, shape: itemShapeOf(data), bytes: data.bytes }
      const itemBytes = countElements(item.shape) * data.datatype.size
      this.requireFeature(feat, item).bytes.set(data.bytes, start * itemBytes)
    }
    this.indicesForData.fill(index, start, stop)
    this.#modelFrame ??= index
    this.#layout ??= layoutOf(events)
  }

  #refuseIndex(index: number): InvalidInput {
    const range = `${this.indexOffset} to ${this.indexOffset + this.numFrames - 1}`
    const message = `does not belong to the frames ${range} of this stash`
    return refuse(index, undefined, { message, expected: range, actual: index })
  }

  #nameModel(): string {
    return this.#modelFrame === undefined ? 'the frames before' : `frame ${this.#modelFrame}`
  }
}

interface Refusal {
  readonly message: string
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
}

function refuse(index: number, feat: string | undefined, refusal: Refusal): InvalidInput {
  const what = feat === undefined ? `frame ${index}` : `frame ${index}, feature ${feat}`
  return new InvalidInput('E_FRAME', `${what}: ${refusal.message}`, {
    ...(feat !== undefined && { object: `/events/${feat}` }),
    expected: refusal.expected,
    actual: refusal.actual,
  })
}

function isList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'length' in value
}

function requireCount(count: number, index: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return
  throw refuse(index, undefined, { message: `its number of events is not known (${count})`, actual: count })
}

function layoutOf(events: FrameEvents): FeatureLayout {
  return new Map(
    [...events].map(([feat, { datatype, shape }]) => [feat, { datatype, itemShape: shape.slice(1) }]),
  )
}

function sumUp(counts: readonly number[]): number[] {
  let sum = 0
  return counts.map((count) => (sum += count))
}
