import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeText } from './byte-cursor.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { Link } from './stored-object.ts'
import { visitTreeV1 } from './tree-v1.ts'
import { Walk } from './walk.ts'

const NODE_PREFIX_BYTES = 8
const ENTRY_BYTES = 40
const LOCAL_HEAP_BYTES = 32
const CACHE_SOFT_LINK = 2

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
    walk,
    place,
    onEntry: async (_key, child) => {
      walk.enter(child, 'a symbol table node')
      await readNode(source, child, { walk, place, names, links })
    },
  })
  return links
}

interface NodeReading {
  readonly walk: Walk
  readonly place: Place
  readonly names: ByteCursor
  readonly links: Link[]
}

async function readNode(source: MetadataSource, address: number, reading: NodeReading): Promise<void> {
  const prefix = await source.read(address, NODE_PREFIX_BYTES, reading.place)
  prefix.expectSignature('SNOD', 'a symbol table node').expectVersion([1], 'a symbol table node')
  const count = prefix.skip(1).uint16()
  reading.walk.spend(NODE_PREFIX_BYTES + count * ENTRY_BYTES, address)
  const entries = await source.read(address + NODE_PREFIX_BYTES, count * ENTRY_BYTES, reading.place)
  for (let index = 0; index < count; index += 1) {
    reading.links.push(readEntry(entries.part(ENTRY_BYTES), reading.names))
  }
  if (reading.links.length > LIMITS.linksPerGroup) {
    throw makeDamage(reading.place, `more than ${LIMITS.linksPerGroup} links in one group`, {
      offset: address,
    })
  }
}

function readEntry(entry: ByteCursor, names: ByteCursor): Link {
  const name = readName(entry, names, entry.length())
  const address = entry.address()
  const cacheType = entry.uint32()
  entry.skip(4)
  if (cacheType === CACHE_SOFT_LINK) {
    return { kind: 'soft', name, target: readName(entry, names, entry.uint32()) }
  }
  if (address === null) {
    throw entry.damage(`link ${name} has no address`)
  }
  return { kind: 'hard', name, address }
}

function readName(entry: ByteCursor, names: ByteCursor, start: number): string {
  const end = names.bytes.indexOf(0, start)
  if (start >= names.bytes.length || end < 0) {
    throw entry.damage(`a name at ${start} lies outside of the local heap of ${names.bytes.length} bytes`)
  }
  return decodeText(names.bytes.subarray(start, end))
}

/** Spec: "Local Heaps": the data segment, names one after the other. */
async function readLocalHeap(source: MetadataSource, address: number, place: Place): Promise<ByteCursor> {
  const header = await source.read(address, LOCAL_HEAP_BYTES, place)
  header.expectSignature('HEAP', 'the local heap').expectVersion([0], 'the local heap')
  const byteCount = header.skip(3).length()
  const dataAddress = header.skip(8).requireAddress('the local heap')
  return source.read(dataAddress, byteCount, place)
}
