import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { ByteCursor as Cursor } from './byte-cursor.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'

const PREFIX_BYTES = 16
const OBJECT_PREFIX_BYTES = 16
/** Spec: collections are not smaller. */
const SMALLEST_COLLECTION = 4096
const KEPT_BYTES = 32 * 2 ** 20
const LARGEST_COLLECTION = LIMITS.sequenceBytes + 2 ** 20
const SPARE_BYTES = 256 * 2 ** 20
/** The collections that the library makes as a rule; headers of many objects share one. */
const LARGEST_PAGED = 64 * 1024

interface Collection {
  readonly address: number
  readonly bytes: Uint8Array
  /** Start and length of each object by its index. */
  readonly objects: ReadonlyMap<number, { readonly start: number; readonly byteCount: number }>
}

/**
 * Spec: "Global Heap". Objects of collections, a bounded number of collections kept. One heap serves one read, and what it hands out
 * in all is bounded: a hostile file could name the same object a million times.
 */
export class GlobalHeap {
  private readonly collections = new Map<number, Collection>()
  private keptBytes = 0
  private loadBytesLeft: number
  private objectBytesLeft: number

  constructor(
    private readonly source: MetadataSource,
    readonly place: Place,
  ) {
    this.loadBytesLeft = source.bytes * 8 + SPARE_BYTES
    this.objectBytesLeft = source.bytes
  }

  /** A copy of an object. @throws E_META if it is not there or has another length. */
  async read(address: number, index: number, byteCount: number): Promise<Uint8Array> {
    const collection = this.collections.get(address) ?? (await this.load(address))
    const object = collection.objects.get(index)
    if (object?.byteCount !== byteCount) {
      const found = object === undefined ? 'is not there' : `has ${object.byteCount} bytes`
      const what = `object ${index} of the global heap ${found}; ${byteCount} bytes are needed`
      throw makeDamage(this.place, what, { offset: address, expected: byteCount, actual: object?.byteCount })
    }
    this.objectBytesLeft -= byteCount
    if (this.objectBytesLeft < 0) {
      throw makeDamage(this.place, 'variable-length parts hold more than the file', { offset: address })
    }
    return collection.bytes.slice(object.start, object.start + byteCount)
  }

  /** A copy of a whole object. @throws E_META if it is not there. */
  async readObject(address: number, index: number): Promise<Uint8Array> {
    const collection = this.collections.get(address) ?? (await this.load(address))
    return this.read(address, index, collection.objects.get(index)?.byteCount ?? 0)
  }

  private async load(address: number): Promise<Collection> {
    const prefix = await this.source.read(address, PREFIX_BYTES, this.place)
    prefix.expectSignature('GCOL', 'the global heap').expectVersion([1], 'the global heap')
    const byteCount = prefix.skip(3).length()
    this.loadBytesLeft -= byteCount
    if (byteCount < SMALLEST_COLLECTION || byteCount > LARGEST_COLLECTION || this.loadBytesLeft < 0) {
      throw makeDamage(this.place, `a global heap collection of ${byteCount} bytes is impossible`, {
        offset: address,
      })
    }
    const bytes = await this.readWhole(address, byteCount)
    const origin = { place: this.place, fileOffset: address, baseAddress: this.source.baseAddress }
    const collection = { address, bytes, objects: indexObjects(new Cursor(bytes, origin)) }
    this.keep(collection)
    return collection
  }

  /** A copy of its own: views would keep whole pages alive. */
  private async readWhole(address: number, byteCount: number): Promise<Uint8Array> {
    return byteCount > LARGEST_PAGED
      ? this.source.readBytes(address, byteCount, this.place)
      : (await this.source.read(address, byteCount, this.place)).bytes.slice()
  }

  private keep(collection: Collection): void {
    this.collections.set(collection.address, collection)
    this.keptBytes += collection.bytes.length
    for (const oldest of this.collections.values()) {
      if (this.keptBytes <= KEPT_BYTES || oldest === collection) {
        return
      }
      this.collections.delete(oldest.address)
      this.keptBytes -= oldest.bytes.length
    }
  }
}

function indexObjects(cursor: ByteCursor): Collection['objects'] {
  const objects = new Map<number, { readonly start: number; readonly byteCount: number }>()
  cursor.skip(PREFIX_BYTES)
  while (cursor.remaining >= OBJECT_PREFIX_BYTES) {
    const index = cursor.uint16()
    const byteCount = cursor.skip(6).length()
    // Spec: object 0 is free space, and its size counts from its own start: the library goes on behind it.
    if (index === 0) {
      if (byteCount < OBJECT_PREFIX_BYTES) {
        throw cursor.damage(`free space of ${byteCount} bytes in the global heap is impossible`, { back: 8 })
      }
      cursor.skip(byteCount - OBJECT_PREFIX_BYTES)
      continue
    }
    objects.set(index, { start: cursor.position, byteCount })
    cursor.skip(byteCount)
    cursor.skip(Math.min((8 - (byteCount % 8)) % 8, cursor.remaining))
  }
  return objects
}
