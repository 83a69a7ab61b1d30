import { lookup3 } from '../lookup3.ts'
import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeText } from './byte-cursor.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import { FractalHeap } from './fractal-heap.ts'
import type { MetadataSource } from './metadata-source.ts'
import { visitTreeV2 } from './tree-v2.ts'
import { Walk } from './walk.ts'

/** Where links or attributes lie when they are not in the header: objects in a fractal heap, listed by a B-tree of names. */
export interface DenseStorage {
  readonly heapAddress: number
  readonly treeAddress: number
  /** The same list in the order of creation; null: there is none. */
  readonly orderAddress: number | null
}

const FLAG_ORDER_TRACKED = 0x01
const FLAG_ORDER_INDEXED = 0x02
/** Of the group information: when links move to a heap; how many there may be. */
const FLAG_PHASES = 0x01
const FLAG_ESTIMATES = 0x02

/** Spec: "Link Info Message". Undefined: all links are in the header. */
export function parseLinkInfo(cursor: ByteCursor): DenseStorage | undefined {
  cursor.expectVersion([0], 'the link information')
  const flags = readFlags(cursor)
  if (flags & FLAG_ORDER_TRACKED && cursor.bigUint64() >= 2n ** 63n) {
    throw cursor.damage('a creation order below 0 is impossible', { back: 8 })
  }
  return readAddresses(cursor, flags)
}

/** Spec: "Group Info Message": hints for those who add links. The library refuses a group whose hints it does not understand. */
export function checkGroupInfo(cursor: ByteCursor): void {
  cursor.expectVersion([0], 'the group information')
  const flags = cursor.uint8()
  if ((flags & ~(FLAG_PHASES | FLAG_ESTIMATES)) !== 0) {
    throw cursor.damage(`the flags ${flags} of a group are not known`, { back: 1 })
  }
  cursor.skip((flags & FLAG_PHASES ? 4 : 0) + (flags & FLAG_ESTIMATES ? 4 : 0))
}

/** Spec: "Attribute Info Message". Undefined: all attributes are in the header. */
export function parseAttributeInfo(cursor: ByteCursor): DenseStorage | undefined {
  cursor.expectVersion([0], 'the attribute information')
  const flags = readFlags(cursor)
  cursor.skip(flags & FLAG_ORDER_TRACKED ? 2 : 0)
  return readAddresses(cursor, flags)
}

function readFlags(cursor: ByteCursor): number {
  const flags = cursor.uint8()
  if ((flags & ~(FLAG_ORDER_TRACKED | FLAG_ORDER_INDEXED)) !== 0) {
    throw cursor.damage(`the flags ${flags} of a list are not known`, { back: 1 })
  }
  return flags
}

function readAddresses(cursor: ByteCursor, flags: number): DenseStorage | undefined {
  const heapAddress = cursor.address()
  if (heapAddress === null) {
    return undefined
  }
  const treeAddress = cursor.requireAddress('the B-tree of names')
  const orderAddress =
    flags & FLAG_ORDER_INDEXED ? cursor.requireAddress('the B-tree of creation order') : null
  return { heapAddress, treeAddress, orderAddress }
}

/** What the heap holds, and whom to give each object. */
export interface DenseVisit {
  readonly content: 'links' | 'attributes'
  readonly place: Place
  onObject(object: ByteCursor): void | Promise<void>
  /** The object, which lies in the heap of shared messages (attributes only). */
  readShared?(id: Uint8Array): Promise<ByteCursor>
}

/** How the two lists of a dense storage are kept. */
interface ListForm {
  readonly byName: number
  readonly byOrder: number
  readonly idBytes: number
  /** Bytes of a record by name and by creation order. */
  readonly nameBytes: number
  readonly orderBytes: number
}

/** Spec: record types 5 and 6: hash or order, id. */
const LINKS: ListForm = { byName: 5, byOrder: 6, idBytes: 7, nameBytes: 4 + 7, orderBytes: 8 + 7 }
/** Spec: record types 8 and 9: id, flags, order, and by name the hash. */
const ATTRIBUTES: ListForm = {
  byName: 8,
  byOrder: 9,
  idBytes: 8,
  nameBytes: 8 + 1 + 4 + 4,
  orderBytes: 8 + 1 + 4,
}
const FLAG_SHARED = 0x02

interface Entry {
  readonly id: Uint8Array
  readonly isShared: boolean
  /** Of the name, or the creation order: what the list is sorted by. */
  readonly key: bigint
}

/**
 * Reads all objects of a dense storage, in the order of the heap, so that each of its blocks is read once.
 * @throws E_META where HDF5 would not find an object: it searches the hash of a name, or the creation order.
 */
export async function visitDense(
  source: MetadataSource,
  storage: DenseStorage,
  visit: DenseVisit,
): Promise<void> {
  const heap = await FractalHeap.open(source, storage.heapAddress, visit.place)
  const entries = await readList(source, storage.treeAddress, { visit, isByName: true })
  if (storage.orderAddress !== null) {
    const ordered = await readList(source, storage.orderAddress, { visit, isByName: false })
    checkSame(entries, ordered, visit)
  }
  const placed = entries
    .map((entry) => ({ ...entry, order: entry.isShared ? Infinity : heap.orderOf(entry.id) }))
    .sort((a, b) => (a.order === b.order ? 0 : a.order - b.order))
  for (const entry of placed) {
    const read = (): Promise<ByteCursor> =>
      entry.isShared && visit.readShared ? visit.readShared(entry.id) : heap.read(entry.id)
    checkHash(await read(), entry, visit)
    await visit.onObject(await read())
  }
}

interface ListReading {
  readonly visit: DenseVisit
  readonly isByName: boolean
}

async function readList(
  source: MetadataSource,
  address: number,
  { visit, isByName }: ListReading,
): Promise<readonly Entry[]> {
  const form = visit.content === 'links' ? LINKS : ATTRIBUTES
  const entries: Entry[] = []
  await visitTreeV2(source, address, {
    types: [isByName ? form.byName : form.byOrder],
    recordBytes: isByName ? form.nameBytes : form.orderBytes,
    walk: new Walk(source, visit.place),
    place: visit.place,
    onRecord: (record) => {
      const entry = form === LINKS ? readLinkRecord(record, isByName) : readAttributeRecord(record, isByName)
      const last = entries.at(-1)
      // Two names may have one hash, but not one place in time.
      if (last !== undefined && (last.key > entry.key || (!isByName && last.key === entry.key))) {
        throw record.damage(`the ${visit.content} of a list do not ascend`, { back: record.position })
      }
      entries.push(entry)
      if (entries.length > LIMITS.linksPerGroup) {
        throw makeDamage(visit.place, `more than ${LIMITS.linksPerGroup} ${visit.content}`, {
          offset: record.offset,
        })
      }
    },
  })
  return entries
}

function readLinkRecord(record: ByteCursor, isByName: boolean): Entry {
  const key = isByName ? BigInt(record.uint32()) : BigInt.asIntN(64, record.bigUint64())
  return { id: record.copy(LINKS.idBytes), isShared: false, key }
}

function readAttributeRecord(record: ByteCursor, isByName: boolean): Entry {
  const id = record.copy(ATTRIBUTES.idBytes)
  const isShared = (record.uint8() & FLAG_SHARED) !== 0
  const order = record.uint32()
  return { id, isShared, key: BigInt(isByName ? record.uint32() : order) }
}

function checkSame(entries: readonly Entry[], ordered: readonly Entry[], visit: DenseVisit): void {
  const listed = new Set(entries.map(({ id }) => id.join()))
  if (ordered.length !== listed.size || ordered.some(({ id }) => !listed.has(id.join()))) {
    throw makeDamage(visit.place, `the lists of ${visit.content} by name and by order of creation differ`)
  }
}

function checkHash(object: ByteCursor, { key }: Entry, { content }: DenseVisit): void {
  const name = content === 'links' ? readNameOfLink(object) : readNameOfAttribute(object)
  if (BigInt(lookup3(name)) !== key) {
    throw object.damage(`${decodeText(name)} is listed under the hash of another name`)
  }
}

/** Spec: "Link Message": version, flags, and before the name what the flags say. */
function readNameOfLink(object: ByteCursor): Uint8Array {
  const flags = object.skip(1).uint8()
  object.skip((flags & 0x08 ? 1 : 0) + (flags & 0x04 ? 8 : 0) + (flags & 0x10 ? 1 : 0))
  return object.run(object.uint(2 ** (flags & 0x03)))
}

/** Spec: "Attribute Message": the name counts its NUL. */
function readNameOfAttribute(object: ByteCursor): Uint8Array {
  const version = object.uint8()
  const nameBytes = object.skip(1).uint16()
  return object
    .skip(version === 3 ? 5 : 4)
    .run(nameBytes)
    .subarray(0, -1)
}
