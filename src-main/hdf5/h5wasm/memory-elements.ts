import { Internal } from '../../errors.ts'
import { NO_SEQUENCE, type Datatype, type RawData } from '../model.ts'
import { isGivenSwapped, restoreByteOrder } from './byte-order.ts'
import type { Hdf5Library } from './load-h5wasm.ts'

type Metadata = ReturnType<Hdf5Library['get_dataset_metadata']>
/** Of a type inside another one the library says less. */
type MemoryType = Pick<Metadata, 'size' | 'compound_type' | 'array_type' | 'vlen_type'>

const POINTER_BYTES = 4

/** Where elements lie in WebAssembly's memory, and what they are there and in the file. */
export interface MemoryElements {
  readonly memory: Uint8Array
  readonly pointer: number
  readonly count: number
  readonly datatype: Datatype
  readonly metadata: Metadata
}

/**
 * Takes elements with variable-length parts out of the library's memory, where such a part is a pointer (text up to its NUL) or a length
 * and a pointer, and gives them as the file lays them out.
 */
export function takeMemoryElements(elements: MemoryElements): RawData {
  const { memory, pointer, count, datatype, metadata } = elements
  const taking = new Taking(memory, isGivenSwapped(datatype))
  return { bytes: taking.takeRun({ from: pointer, count }, datatype, metadata), sequences: taking.sequences }
}

interface Run {
  readonly from: number
  readonly count: number
}

interface Spot {
  /** In WebAssembly's memory. */
  readonly from: number
  readonly into: Uint8Array
  readonly at: number
}

class Taking {
  readonly sequences: Uint8Array[] = []
  readonly #memory: Uint8Array
  readonly #view: DataView
  readonly #isSwapped: boolean

  constructor(memory: Uint8Array, isSwapped: boolean) {
    this.#memory = memory
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
    this.#isSwapped = isSwapped
  }

  takeRun({ from, count }: Run, type: Datatype, memoryType: MemoryType): Uint8Array {
    const into = new Uint8Array(count * type.size)
    for (let index = 0; index < count; index++) {
      const spot = { from: from + index * memoryType.size, into, at: index * type.size }
      this.#takeElement(spot, type, memoryType)
    }
    return into
  }

  #takeElement(spot: Spot, type: Datatype, memoryType: MemoryType): void {
    switch (type.class) {
      case 'variable-string':
        return this.#store(spot, this.#takeText(spot.from), 1)
      case 'variable-sequence':
        return this.#takeSequence(spot, type.base, requirePart(memoryType.vlen_type))
      case 'compound':
        return this.#takeMembers(spot, type, memoryType)
      case 'array':
        return this.#takeArray(spot, type, requirePart(memoryType.array_type))
      default:
        return this.#takePlain(spot, type)
    }
  }

  #takeText(from: number): Uint8Array {
    const pointer = this.#view.getUint32(from, true)
    if (pointer === 0) return new Uint8Array(0)
    return this.#memory.slice(pointer, this.#memory.indexOf(0, pointer))
  }

  #takeSequence(spot: Spot, base: Datatype, memoryBase: MemoryType): void {
    const count = this.#view.getUint32(spot.from, true)
    const from = this.#view.getUint32(spot.from + POINTER_BYTES, true)
    this.#store(spot, this.takeRun({ from, count }, base, memoryBase), base.size)
  }

  /** Spec of RawData: number of elements, index of the sequence, 8 zero bytes. */
  #store({ into, at }: Spot, sequence: Uint8Array, elementBytes: number): void {
    const slot = new DataView(into.buffer, into.byteOffset + at)
    slot.setUint32(0, sequence.length / elementBytes, true)
    slot.setUint32(4, sequence.length === 0 ? NO_SEQUENCE : this.sequences.length, true)
    if (sequence.length > 0) this.sequences.push(sequence)
  }

  #takeMembers(spot: Spot, type: Extract<Datatype, { class: 'compound' }>, memoryType: MemoryType): void {
    const members = memoryType.compound_type?.members ?? []
    for (const [index, { offset, type: memberType }] of type.members.entries()) {
      const member = requirePart(members[index])
      this.#takeElement(
        { ...spot, from: spot.from + member.offset, at: spot.at + offset },
        memberType,
        member,
      )
    }
  }

  #takeArray(spot: Spot, type: Extract<Datatype, { class: 'array' }>, memoryBase: MemoryType): void {
    const count = type.size / type.base.size
    spot.into.set(this.takeRun({ from: spot.from, count }, type.base, memoryBase), spot.at)
  }

  #takePlain({ from, into, at }: Spot, type: Datatype): void {
    const bytes = this.#memory.slice(from, from + type.size)
    if (this.#isSwapped) restoreByteOrder(bytes, type)
    into.set(bytes, at)
  }
}

function requirePart<T>(part: T | undefined): T {
  if (part === undefined) throw new Internal('h5wasm describes a type otherwise than its file does')
  return part
}
