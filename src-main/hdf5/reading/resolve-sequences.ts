import { LIMITS, NO_SEQUENCE, hasVariableParts } from '../model.ts'
import type { Datatype, RawData } from '../model.ts'
import { makeDamage } from './damage.ts'
import type { GlobalHeap } from './global-heap.ts'

const UNDEFINED_ADDRESS = 0xffffffffffffffffn

/** A variable-length part of an element: where in the element, and of what its sequence consists. */
interface Slot {
  readonly offset: number
  readonly base: Datatype
}

/**
 * Elements as stored -> RawData: each variable-length slot names a copy of its sequence in place of the heap's address,
 * sequences of sequences included.
 * @throws E_META where the heap does not hold what a slot names, or one sequence is over LIMITS.sequenceBytes.
 */
export async function resolveSequences(
  heap: GlobalHeap,
  baseAddress: number,
  data: StoredElements,
): Promise<RawData> {
  const sequences: Uint8Array[] = []
  if (!hasVariableParts(data.datatype)) {
    return { bytes: data.bytes, sequences }
  }
  const bytes = data.bytes.slice()
  const waiting: StoredElements[] = [{ bytes, datatype: data.datatype }]
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    const slots = findSlots(piece.datatype)
    const view = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.length)
    for (let start = 0; start < piece.bytes.length; start += piece.datatype.size) {
      for (const slot of slots) {
        const sequence = await resolveSlot(view, start + slot.offset, { heap, baseAddress, base: slot.base })
        if (sequence === undefined) {
          continue
        }
        view.setUint32(start + slot.offset + 4, sequences.length, true)
        sequences.push(sequence)
        if (hasVariableParts(slot.base)) {
          waiting.push({ bytes: sequence, datatype: slot.base })
        }
      }
    }
  }
  return { bytes, sequences }
}

/** Whole elements of a datatype, as they lie in the file. */
export interface StoredElements {
  readonly datatype: Datatype
  readonly bytes: Uint8Array
}

interface SlotReading {
  readonly heap: GlobalHeap
  readonly baseAddress: number
  readonly base: Datatype
}

/** Blanks the slot and gives its sequence; undefined (and NO_SEQUENCE in the slot) for an empty one. */
async function resolveSlot(
  view: DataView,
  at: number,
  reading: SlotReading,
): Promise<Uint8Array | undefined> {
  const length = view.getUint32(at, true)
  const address = view.getBigUint64(at + 4, true)
  const index = view.getUint32(at + 12, true)
  view.setUint32(at + 8, 0, true)
  view.setUint32(at + 12, 0, true)
  // HDF5 takes only the address 0 for a part that is not there.
  const isNowhere = address === 0n || (length === 0 && address === UNDEFINED_ADDRESS)
  // A length that was lost: HDF5 compares it with what lies in the heap.
  if (length === 0 && !isNowhere) await reading.heap.read(requireAddress(address, reading), index, 0)
  if (length === 0 || isNowhere) {
    view.setUint32(at, 0, true)
    view.setUint32(at + 4, NO_SEQUENCE, true)
    return undefined
  }
  const byteCount = length * reading.base.size
  if (byteCount > LIMITS.sequenceBytes) {
    const what = `a variable-length part of ${byteCount} bytes is too large`
    throw makeDamage(reading.heap.place, what, { expected: LIMITS.sequenceBytes, actual: byteCount })
  }
  return reading.heap.read(requireAddress(address, reading), index, byteCount)
}

function requireAddress(address: bigint, { heap, baseAddress }: SlotReading): number {
  if (address <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(address) + baseAddress
  throw makeDamage(heap.place, `a variable-length part at ${address} is outside of the file`, {})
}

function findSlots(type: Datatype): Slot[] {
  switch (type.class) {
    case 'variable-string':
    case 'variable-sequence':
      return [{ offset: 0, base: type.base }]
    case 'compound':
      return type.members.flatMap((member) => shiftSlots(findSlots(member.type), member.offset))
    case 'array':
      return findArraySlots(type)
    default:
      return []
  }
}

function shiftSlots(slots: readonly Slot[], offset: number): Slot[] {
  return slots.map((slot) => ({ offset: slot.offset + offset, base: slot.base }))
}

function findArraySlots(type: Extract<Datatype, { readonly class: 'array' }>): Slot[] {
  const inner = findSlots(type.base)
  if (inner.length === 0) {
    return []
  }
  const count = type.size / type.base.size
  return Array.from({ length: count }, (_, index) => shiftSlots(inner, index * type.base.size)).flat()
}
