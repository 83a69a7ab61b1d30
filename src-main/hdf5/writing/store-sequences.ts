import { assertNever, InvalidInput } from '../../errors.ts'
import { hasVariableParts, NO_SEQUENCE, type Datatype, type RawData } from '../model.ts'
import type { GlobalHeap } from './global-heap.ts'

const SLOT_BYTES = 16

interface Source {
  readonly sequences: readonly Uint8Array[]
  readonly heap: GlobalHeap
}

/**
 * The elements with their variable-length parts in the heap, in a buffer of their own: every slot of `data.bytes`
 * becomes { uint32 number of elements, uint64 collection, uint32 index }; the slots of nested sequences likewise.
 * Throws InvalidInput (E_LEN) where a slot and its sequence do not fit each other.
 */
export function storeSequences(type: Datatype, data: RawData, heap: GlobalHeap): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.bytes)
  if (hasVariableParts(type)) storeElements(type, bytes, { sequences: data.sequences, heap })
  return bytes
}

function storeElements(type: Datatype, bytes: Uint8Array, source: Source): void {
  for (let at = 0; at < bytes.byteLength; at += type.size) {
    storeElement(type, bytes.subarray(at, at + type.size), source)
  }
}

function storeElement(type: Datatype, element: Uint8Array, source: Source): void {
  switch (type.class) {
    case 'variable-string':
    case 'variable-sequence':
      storeSlot(type.base, element, source)
      return
    case 'compound':
      for (const member of type.members.filter((each) => hasVariableParts(each.type))) {
        storeElement(member.type, element.subarray(member.offset, member.offset + member.type.size), source)
      }
      return
    case 'array':
      if (hasVariableParts(type.base)) storeElements(type.base, element, source)
      return
    case 'integer':
    case 'float':
    case 'bitfield':
    case 'string':
    case 'opaque':
    case 'enum':
    case 'reference':
    case 'unknown':
      return
    default:
      assertNever(type)
  }
}

function storeSlot(base: Datatype, slot: Uint8Array, { sequences, heap }: Source): void {
  const view = new DataView(slot.buffer, slot.byteOffset, SLOT_BYTES)
  const [length, index] = [view.getUint32(0, true), view.getUint32(4, true)]
  slot.fill(0)
  // An empty sequence and a null one are stored alike: length, address and index 0.
  if (index === NO_SEQUENCE || length === 0) return
  const sequence = sequences[index]
  if (sequence?.byteLength !== length * base.size) {
    const [expected, actual] = [length * base.size, sequence?.byteLength ?? 0]
    const text = `a variable-length value of ${length} elements needs ${expected} bytes, not ${actual}`
    throw new InvalidInput('E_LEN', text, { expected, actual })
  }
  const id = heap.store(storeSequences(base, { bytes: sequence, sequences }, heap))
  view.setUint32(0, length, true)
  view.setBigUint64(4, BigInt(id.collection), true)
  view.setUint32(12, id.index, true)
}
