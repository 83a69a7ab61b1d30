import { lookup3 } from '../lookup3.ts'
import { ByteWriter, encodeText } from './byte-writer.ts'
import { storeFractalHeap, type PieceSpace } from './fractal-heap.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'
import { encodeTreeV2 } from './tree-v2.ts'

const NAME_INDEX = 8

/** An attribute, and the message that describes it. */
export interface EncodedAttribute {
  readonly name: string
  readonly message: HeaderMessage
}

/**
 * Spec: dense attribute storage: the messages lie in a fractal heap, listed by a B-tree in the order of their names' hashes. It
 * takes attributes that no header message can hold, as HDF5 stores them since 1.8; then all of the object's attributes lie there. Returns the
 * Attribute Info message that leads to them.
 */
export function storeDenseAttributes(
  attributes: readonly EncodedAttribute[],
  space: PieceSpace,
): HeaderMessage {
  const heap = storeFractalHeap(
    attributes.map(({ message }) => message.body),
    space,
  )
  const records = attributes.map(({ name }, order) => ({
    name,
    hash: lookup3(encodeText(name)),
    id: heap.ids[order]!,
    order,
  }))
  // Spec: in the order of the hashes, names of one hash by their bytes.
  records.sort((a, b) => a.hash - b.hash || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  const tree = encodeTreeV2(NAME_INDEX, records.map(encodeRecord), space.end)
  const treeAddress = space.append(tree)
  const body = new ByteWriter(18).uint8(0).uint8(0).address(heap.address).address(treeAddress).toBytes()
  return { type: MESSAGE.attributeInfo, body }
}

interface NameRecord {
  readonly id: Uint8Array
  readonly order: number
  readonly hash: number
}

function encodeRecord({ id, order, hash }: NameRecord): Uint8Array {
  const messageFlags = 0
  return new ByteWriter(17).bytes(id).uint8(messageFlags).uint32(order).uint32(hash).toBytes()
}
