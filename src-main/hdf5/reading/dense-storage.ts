import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
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
}

const LINK_BY_NAME = 5
const ATTRIBUTE_BY_NAME = 8
const HASH_BYTES = 4

/** Spec: "Link Info Message". Undefined: all links are in the header. */
export function parseLinkInfo(cursor: ByteCursor): DenseStorage | undefined {
  cursor.expectVersion([0], 'the link information')
  const flags = cursor.uint8()
  cursor.skip(flags & 0x01 ? 8 : 0)
  return readAddresses(cursor)
}

/** Spec: "Attribute Info Message". Undefined: all attributes are in the header. */
export function parseAttributeInfo(cursor: ByteCursor): DenseStorage | undefined {
  cursor.expectVersion([0], 'the attribute information')
  const flags = cursor.uint8()
  cursor.skip(flags & 0x01 ? 2 : 0)
  return readAddresses(cursor)
}

function readAddresses(cursor: ByteCursor): DenseStorage | undefined {
  const heapAddress = cursor.address()
  const treeAddress = cursor.address()
  return heapAddress === null || treeAddress === null ? undefined : { heapAddress, treeAddress }
}

/** What the heap holds, and whom to give each object. */
export interface DenseVisit {
  readonly content: 'links' | 'attributes'
  readonly place: Place
  /** `shared`: the object lies in the heap of shared messages (attributes only); the cursor is undefined then. */
  onObject(object: ByteCursor | undefined): void | Promise<void>
}

/** Reads all objects of a dense storage, in the order of the heap, so that each of its blocks is read once. */
export async function visitDense(
  source: MetadataSource,
  storage: DenseStorage,
  visit: DenseVisit,
): Promise<void> {
  const heap = await FractalHeap.open(source, storage.heapAddress, visit.place)
  const { ids, sharedCount } = await readIds(source, storage, { visit, heap })
  const ordered = ids.map((id) => ({ id, order: heap.orderOf(id) })).sort((a, b) => a.order - b.order)
  for (const { id } of ordered) {
    await visit.onObject(await heap.read(id))
  }
  for (let index = 0; index < sharedCount; index += 1) {
    await visit.onObject(undefined)
  }
}

interface IdReading {
  readonly visit: DenseVisit
  readonly heap: FractalHeap
}

async function readIds(
  source: MetadataSource,
  storage: DenseStorage,
  reading: IdReading,
): Promise<{ readonly ids: readonly Uint8Array[]; readonly sharedCount: number }> {
  const { visit, heap } = reading
  const isLinks = visit.content === 'links'
  const ids: Uint8Array[] = []
  let sharedCount = 0
  await visitTreeV2(source, storage.treeAddress, {
    types: [isLinks ? LINK_BY_NAME : ATTRIBUTE_BY_NAME],
    walk: new Walk(source, visit.place),
    place: visit.place,
    onRecord: (record) => {
      const id = record.skip(isLinks ? HASH_BYTES : 0).copy(isLinks ? heap.idBytes : 8)
      const flags = isLinks ? 0 : record.uint8()
      if ((flags & 0x02) !== 0) sharedCount += 1
      else ids.push(id)
      if (ids.length + sharedCount > LIMITS.linksPerGroup) {
        throw makeDamage(visit.place, `more than ${LIMITS.linksPerGroup} ${visit.content}`, {
          offset: record.offset,
        })
      }
    },
  })
  return { ids, sharedCount }
}
