import type { Dataspace, Datatype } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import { parseDataspace } from './dataspace-message.ts'
import { parseDatatype } from './datatype-message.ts'
import { FractalHeap } from './fractal-heap.ts'
import type { MetadataSource } from './metadata-source.ts'
import { MESSAGE, readObjectHeader } from './object-header.ts'

const TYPE_IN_HEAP = 1
const HEAP_ID_BYTES = 8

/** A datatype, and the committed one it was taken from. */
export interface ResolvedDatatype {
  readonly datatype: Datatype
  readonly committedType: number | undefined
}

/** A message's body, and the object whose header holds it where that is another one. */
interface ResolvedMessage {
  readonly body: ByteCursor
  readonly owner: number | undefined
}

/** Where a body lies that objects share. */
export type SharedPointer =
  { readonly kind: 'object'; readonly address: number } | { readonly kind: 'heap'; readonly id: Uint8Array }

/** Spec: "Shared Message": what stands in place of a message's body. */
export function parseSharedPointer(cursor: ByteCursor): SharedPointer {
  const version = cursor.expectVersion([1, 2, 3], 'a shared message')
  const type = cursor.uint8()
  if (version > 1 && type === TYPE_IN_HEAP) {
    return { kind: 'heap', id: cursor.copy(HEAP_ID_BYTES) }
  }
  // Version 1 has 6 reserved bytes and the offset of a name before the address.
  cursor.skip(version === 1 ? 14 : 0)
  return { kind: 'object', address: cursor.requireAddress('a shared message') }
}

/** The messages of one object that are stored elsewhere: in a committed datatype, or in the file's heaps of shared messages. */
export class SharedMessages {
  private readonly heaps = new Map<number, Promise<FractalHeap>>()

  constructor(
    private readonly source: MetadataSource,
    private readonly place: Place,
  ) {}

  /** What the pointer in a message's body leads to. @throws E_META. */
  async resolve(type: number, pointer: ByteCursor): Promise<ResolvedMessage> {
    const shared = parseSharedPointer(pointer)
    if (shared.kind === 'heap') {
      return { body: await this.readFromHeap(type, shared.id), owner: undefined }
    }
    const { address } = shared
    const messages = await readObjectHeader(this.source, address, this.place)
    const message = messages.find((candidate) => candidate.type === type)
    if (message === undefined || message.shared) {
      const what =
        type === MESSAGE.datatype
          ? 'what should be a committed datatype is none'
          : `header message ${type} is not where it should be shared from`
      throw makeDamage(this.place, what, { offset: address })
    }
    return { body: message.body, owner: address }
  }

  /** The body of a message in the heap that is kept for its type. @throws E_META. */
  async readFromHeap(type: number, id: Uint8Array): Promise<ByteCursor> {
    const heap = await this.openHeap(this.locateHeap(type))
    return heap.read(id)
  }

  async readDatatype(message: ByteCursor, isShared: boolean): Promise<ResolvedDatatype> {
    const { body, owner } = isShared
      ? await this.resolve(MESSAGE.datatype, message)
      : { body: message, owner: undefined }
    return { datatype: parseDatatype(body), committedType: owner }
  }

  async readDataspace(message: ByteCursor, isShared: boolean): Promise<Dataspace> {
    return parseDataspace(isShared ? (await this.resolve(MESSAGE.dataspace, message)).body : message)
  }

  private locateHeap(type: number): number {
    // Both kinds of fill values are shared as the newer one.
    const listed = type === MESSAGE.oldFillValue ? MESSAGE.fillValue : type
    const heap = this.source.sharedHeaps.find(({ messageTypes }) => (messageTypes & (1 << listed)) !== 0)
    if (heap === undefined || heap.address === null) {
      throw makeDamage(this.place, `header message ${type} is shared, but the file has no heap for such`)
    }
    return heap.address
  }

  private openHeap(address: number): Promise<FractalHeap> {
    const known = this.heaps.get(address)
    const heap = known ?? FractalHeap.open(this.source, address, this.place)
    this.heaps.set(address, heap)
    return heap
  }
}
