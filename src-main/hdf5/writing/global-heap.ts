import { ByteWriter } from './byte-writer.ts'

/** Spec: no collection is smaller. */
const SMALLEST_COLLECTION = 4096
/** Collections grow up to this, so that many short texts need few of them; a longer sequence gets one of its own. */
const LARGEST_COLLECTION = 65_536
const HEADER_BYTES = 16
const OBJECT_HEADER_BYTES = 16
/** Spec: index of an object is a 16-bit number; 0 is the free rest. */
const MAX_OBJECTS = 65_535

/** Where a sequence lies. */
export interface HeapId {
  readonly collection: number
  readonly index: number
}

interface OpenCollection {
  readonly address: number
  readonly capacity: number
  readonly writer: ByteWriter
  count: number
}

/** The file as the heap sees it. */
export interface HeapSpace {
  /** Address of so many bytes at the end of the file, to be written later. */
  reserve(byteCount: number): number
  /** Writes all of a reserved piece. */
  fill(address: number, bytes: Uint8Array<ArrayBuffer>): void
}

/**
 * Keeps variable-length parts in global heap collections.
 *
 * Addresses are given at once; a collection is written when it is full or at `flush`.
 * Spec: collections of at least 4,096 bytes, objects padded to 8, object 0 tells the size of the rest.
 */
export class GlobalHeap {
  readonly #space: HeapSpace
  #open: OpenCollection | undefined
  #nextCapacity = SMALLEST_COLLECTION

  constructor(space: HeapSpace) {
    this.#space = space
  }

  /** Keeps a copy of the bytes. */
  store(bytes: Uint8Array): HeapId {
    const needed = OBJECT_HEADER_BYTES + roundUp(bytes.byteLength)
    const collection = this.#requireRoom(needed)
    collection.count += 1
    collection.writer.uint16(collection.count).uint16(0).uint32(0).uint64(bytes.byteLength)
    collection.writer.bytes(bytes).pad(8)
    return { collection: collection.address, index: collection.count }
  }

  /** Writes the collection that is still open; the next sequence begins a new one. */
  flush(): void {
    const open = this.#open
    if (!open) return
    this.#open = undefined
    const rest = open.capacity - open.writer.length
    // Spec: a rest too small for an object header is just zeros.
    if (rest >= OBJECT_HEADER_BYTES) open.writer.uint16(0).uint16(0).uint32(0).uint64(rest)
    this.#space.fill(open.address, open.writer.padTo(open.capacity).toBytes())
  }

  #requireRoom(needed: number): OpenCollection {
    const open = this.#open
    if (open && open.count < MAX_OBJECTS && open.writer.length + needed <= open.capacity) return open
    this.flush()
    const capacity = Math.max(this.#nextCapacity, HEADER_BYTES + needed)
    this.#nextCapacity = Math.min(2 * this.#nextCapacity, LARGEST_COLLECTION)
    const writer = new ByteWriter(capacity)
    writer.text('GCOL').uint8(1).zeros(3).uint64(capacity)
    this.#open = { address: this.#space.reserve(capacity), capacity, writer, count: 0 }
    return this.#open
  }
}

function roundUp(byteCount: number): number {
  return Math.ceil(byteCount / 8) * 8
}
