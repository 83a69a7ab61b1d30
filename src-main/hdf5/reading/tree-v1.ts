import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { Walk } from './walk.ts'

const PREFIX_BYTES = 24
const ADDRESS_BYTES = 8

/** Which kind of version 1 B-tree, and what to do with its entries. */
export interface TreeV1Visit {
  readonly nodeType: 0 | 1
  readonly keyBytes: number
  readonly walk: Walk
  readonly place: Place
  /** Called for every entry of a leaf, in order; the key is a view. */
  onEntry(key: ByteCursor, child: number): void | Promise<void>
}

/**
 * Spec: "Version 1 B-trees". Goes from the root through the children; siblings are never followed, since a file may leave
 * them undefined.
 */
export async function visitTreeV1(
  source: MetadataSource,
  rootAddress: number,
  visit: TreeV1Visit,
): Promise<void> {
  await visitNode(source, rootAddress, { visit, level: undefined })
}

interface NodeVisit {
  readonly visit: TreeV1Visit
  /** What the parent says; undefined for the root. */
  readonly level: number | undefined
}

async function visitNode(source: MetadataSource, address: number, node: NodeVisit): Promise<void> {
  const { visit } = node
  visit.walk.enter(address, 'a B-tree node')
  const prefix = await source.read(address, PREFIX_BYTES, visit.place)
  prefix.expectSignature('TREE', 'a B-tree node')
  const nodeType = prefix.uint8()
  const level = prefix.uint8()
  const count = prefix.uint16()
  if (nodeType !== visit.nodeType) {
    throw prefix.damage(`B-tree node of type ${nodeType} instead of ${visit.nodeType}`, { back: 4 })
  }
  if (level > LIMITS.depth || (node.level !== undefined && level !== node.level)) {
    throw prefix.damage(`B-tree node of level ${level} instead of ${node.level ?? 'a sane one'}`, { back: 3 })
  }
  const entryBytes = visit.keyBytes + ADDRESS_BYTES
  visit.walk.spend(PREFIX_BYTES + count * entryBytes, address)
  const entries = await source.read(address + PREFIX_BYTES, count * entryBytes, visit.place)
  for (let index = 0; index < count; index += 1) {
    const key = entries.part(visit.keyBytes)
    const child = entries.requireAddress('a B-tree child')
    if (level === 0) {
      await visit.onEntry(key, child)
    } else {
      await visitNode(source, child, { visit, level: level - 1 })
    }
  }
}
