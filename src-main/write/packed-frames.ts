import { Internal } from '../errors.ts'
import type { Datatype } from '../hdf5/model.ts'
import { encodeDatatype } from '../hdf5/writing/datatypes.ts'
import type { FrameEntry } from './event-queue.ts'
import type { NdArray } from './nd-array.ts'

/** Frames as they cross to another process. */
export interface PackedFrames {
  /** Datatypes that are new; they are counted from 0 over all messages. */
  readonly newTypes: readonly Datatype[]
  readonly frames: readonly PackedFrame[]
}

interface PackedFrame {
  readonly frameIndex: number
  readonly features: readonly PackedFeature[]
}

interface PackedFeature {
  readonly feature: string
  /** Number of the datatype. */
  readonly type: number
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/**
 * Packs frames for one way to another process.
 *
 * Each datatype crosses once: types that are one object on this side are one object on the other, and comparing them stays cheap.
 */
export class FramePacker {
  readonly #numbers = new WeakMap<Datatype, number>()
  readonly #numbersByCode = new Map<string, number>()
  #newTypes: Datatype[] = []

  pack(entries: readonly FrameEntry[]): PackedFrames {
    const frames = entries.map(({ frameIndex, events }) => ({
      frameIndex,
      features: [...events].map(([feature, data]) => this.#packFeature(feature, data)),
    }))
    const newTypes = this.#newTypes
    this.#newTypes = []
    return { newTypes, frames }
  }

  #packFeature(feature: string, { datatype, shape, bytes }: NdArray): PackedFeature {
    return { feature, type: this.#numberOf(datatype), shape, bytes: ownWhole(bytes) }
  }

  #numberOf(datatype: Datatype): number {
    const known = this.#numbers.get(datatype)
    if (known !== undefined) return known
    const code = Buffer.from(encodeDatatype(datatype)).toString('latin1')
    const number = this.#numbersByCode.get(code) ?? this.#addType(code, datatype)
    this.#numbers.set(datatype, number)
    return number
  }

  #addType(code: string, datatype: Datatype): number {
    const number = this.#numbersByCode.size
    this.#numbersByCode.set(code, number)
    this.#newTypes.push(datatype)
    return number
  }
}

/** The other end of a FramePacker; frames must come in the order in which they were packed. */
export class FrameUnpacker {
  readonly #types: Datatype[] = []

  unpack({ newTypes, frames }: PackedFrames): FrameEntry[] {
    this.#types.push(...newTypes)
    return frames.map(({ frameIndex, features }) => ({
      frameIndex,
      events: new Map(
        features.map(({ feature, type, shape, bytes }) => [
          feature,
          { datatype: this.#typeOf(type), shape, bytes },
        ]),
      ),
    }))
  }

  #typeOf(number: number): Datatype {
    const datatype = this.#types[number]
    if (datatype) return datatype
    throw new Internal(`a frame names datatype ${number}, of which nothing was told`)
  }
}

/** A part of a buffer would cross with all of it under Electron, and shared memory cannot cross at all. */
function ownWhole(bytes: Uint8Array): Uint8Array {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
  return isWhole ? bytes : new Uint8Array(bytes)
}
