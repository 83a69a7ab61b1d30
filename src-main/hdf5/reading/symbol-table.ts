import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeName } from '../name-bytes.ts'
import { makeDamage } from './damage.ts'
import { checkLinkName } from './link-message.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { Link } from './stored-object.ts'
import { visitTreeV1 } from './tree-v1.ts'
import { Walk } from './walk.ts'

const NODE_PREFIX_BYTES = 8
const ENTRY_BYTES = 40
const LOCAL_HEAP_BYTES = 32
const CACHE_SOFT_LINK = 2
const NO_FREE_BLOCK = 1n

/** Spec: "Symbol Table Message": the links of a group of the old form (B-tree, symbol table nodes, local heap). */
export async function readSymbolTable(
  source: MetadataSource,
  message: ByteCursor,
  place: Place,
): Promise<Link[]> {
  const treeAddress = message.requireAddress('the B-tree of a group')
  const heapAddress = message.requireAddress('the local heap of a group')
  const walk = new Walk(source, place)
  const names = await readLocalHeap(source, heapAddress, place)
  const links: Link[] = []
  await visitTreeV1(source, treeAddress, {
    nodeType: 0,
    keyBytes: 8,
    mostChildren: source.treeRanks && 2 * source.treeRanks.internal,
    walk,
    place,
    readKey: (key) => findName(key, names, key.length()),
    compare: (one, other) => Buffer.compare(one, other),
    onEntry: async ({ left, right, child }) => {
      walk.enter(child, 'a symbol table node')
      await readNode(source, child, { walk, place, names, links, left, right })
    },
  })
  return links
}

interface NodeReading {
  readonly walk: Walk
  readonly place: Place
  readonly names: ByteCursor
  readonly links: Link[]
  /** Spec: names of the node come behind the one and not behind the other. */
  readonly left: Uint8Array
  readonly right: Uint8Array
}

async function readNode(source: MetadataSource, address: number, reading: NodeReading): Promise<void> {
  const prefix = await source.read(address, NODE_PREFIX_BYTES, reading.place)
  prefix.expectSignature('SNOD', 'a symbol table node').expectVersion([1], 'a symbol table node')
  const count = prefix.skip(1).uint16()
  if (source.treeRanks !== undefined && count > 2 * source.treeRanks.leaf) {
    throw prefix.damage(`a symbol table node of ${count} entries is impossible`, { back: 2 })
  }
  reading.walk.spend(NODE_PREFIX_BYTES + count * ENTRY_BYTES, address)
  const entries = await source.read(address + NODE_PREFIX_BYTES, count * ENTRY_BYTES, reading.place)
  let last = reading.left
  for (let index = 0; index < count; index += 1) {
    const entry = entries.part(ENTRY_BYTES)
    const name = findName(entry, reading.names, entry.length())
    const link = readEntry(entry, decodeName(name), reading.names)
    // HDF5 searches: it would not find a name that stands in the wrong place.
    if (Buffer.compare(last, name) >= 0 || Buffer.compare(name, reading.right) > 0) {
      throw entries.damage(`link ${link.name} stands in the wrong place`, { back: ENTRY_BYTES })
    }
    last = name
    reading.links.push(link)
  }
  if (reading.links.length > LIMITS.linksPerGroup) {
    throw makeDamage(reading.place, `more than ${LIMITS.linksPerGroup} links in one group`, {
      offset: address,
    })
  }
}

function readEntry(entry: ByteCursor, name: string, names: ByteCursor): Link {
  checkLinkName(entry, name)
  const address = entry.address()
  const cacheType = entry.uint32()
  if (cacheType > CACHE_SOFT_LINK) {
    throw entry.damage(`link ${name} has the unknown cache type ${cacheType}`, { back: 4 })
  }
  entry.skip(4)
  if (cacheType === CACHE_SOFT_LINK) {
    return { kind: 'soft', name, target: decodeName(findName(entry, names, entry.uint32())) }
  }
  if (address === null) {
    throw entry.damage(`link ${name} has no address`)
  }
  return { kind: 'hard', name, address }
}

function findName(entry: ByteCursor, names: ByteCursor, start: number): Uint8Array {
  const end = names.bytes.indexOf(0, start)
  if (start >= names.bytes.length || end < 0) {
    throw entry.damage(`a name at ${start} lies outside of the local heap of ${names.bytes.length} bytes`)
  }
  return names.bytes.subarray(start, end)
}

/** Spec: "Local Heaps": the data segment, names one after the other. */
async function readLocalHeap(source: MetadataSource, address: number, place: Place): Promise<ByteCursor> {
  const header = await source.read(address, LOCAL_HEAP_BYTES, place)
  header.expectSignature('HEAP', 'the local heap').expectVersion([0], 'the local heap')
  const byteCount = header.skip(3).length()
  const firstFree = header.bigUint64()
  const dataAddress = header.requireAddress('the local heap')
  const data = await source.read(dataAddress, byteCount, place)
  checkFreeList(data, firstFree)
  return data
}

/** Spec: free blocks of a local heap form a list: offset of the next one (1: none), size. HDF5 reads it with the heap. */
function checkFreeList(data: ByteCursor, first: bigint): void {
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.length)
  const refuse = (at: bigint): Error => data.damage(`the free space of the local heap at ${at} is impossible`)
  let left = data.bytes.length
  for (let next = first; next !== NO_FREE_BLOCK;) {
    if (next + 16n > BigInt(data.bytes.length)) throw refuse(next)
    const at = Number(next)
    const size = view.getBigUint64(at + 8, true)
    if (size === 0n || next + size > BigInt(data.bytes.length)) throw refuse(next)
    left -= Number(size)
    // A sound list names every byte once.
    if (left < 0) throw refuse(next)
    next = view.getBigUint64(at, true)
  }
}
