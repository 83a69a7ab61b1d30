import { LIMITS } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import type { Place } from './damage.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { Walk } from './walk.ts'

const PREFIX_BYTES = 24
const ADDRESS_BYTES = 8

/** An entry of a leaf between the keys beside it. */
export interface TreeV1Entry<Key> {
  readonly left: Key
  readonly right: Key
  readonly child: number
}

/** Which kind of version 1 B-tree, and what to do with its entries. */
export interface TreeV1Visit<Key> {
  readonly nodeType: 0 | 1
  readonly keyBytes: number
  /** Spec: a node has at most two times its K children; undefined: this file does not say. */
  readonly mostChildren: number | undefined
  readonly walk: Walk
  readonly place: Place
  readKey(cursor: ByteCursor): Key
  /** Negative: `one` comes first. */
  compare(one: Key, other: Key): number
  /** Called for every entry of a leaf, in order. */
  onEntry(entry: TreeV1Entry<Key>): void | Promise<void>
}

/**
 * Spec: "Version 1 B-trees". Goes from the root through the children; siblings are never followed, since a file may leave
 * them undefined.
 * @throws E_META where keys do not ascend: HDF5 searches by them, and would not find what lies there.
 */
export async function visitTreeV1<Key>(
  source: MetadataSource,
  rootAddress: number,
  visit: TreeV1Visit<Key>,
): Promise<void> {
  await visitNode(source, rootAddress, { visit, level: undefined, bounds: undefined })
}

interface NodeVisit<Key> {
  readonly visit: TreeV1Visit<Key>
  /** What the parent says; undefined for the root. */
  readonly level: number | undefined
  readonly bounds: { readonly left: Key; readonly right: Key } | undefined
}

interface Node<Key> {
  readonly level: number
  /** One more than children. */
  readonly keys: readonly Key[]
  readonly children: readonly number[]
}

async function visitNode<Key>(source: MetadataSource, address: number, node: NodeVisit<Key>): Promise<void> {
  const { visit } = node
  const { level, keys, children } = await readNode(source, address, node)
  for (const [index, child] of children.entries()) {
    const [left, right] = [keys[index]!, keys[index + 1]!]
    if (level === 0) {
      await visit.onEntry({ left, right, child })
    } else {
      await visitNode(source, child, { visit, level: level - 1, bounds: { left, right } })
    }
  }
}

async function readNode<Key>(
  source: MetadataSource,
  address: number,
  node: NodeVisit<Key>,
): Promise<Node<Key>> {
  const { visit } = node
  visit.walk.enter(address, 'a B-tree node')
  const prefix = await source.read(address, PREFIX_BYTES, visit.place)
  const { level, count } = readPrefix(prefix, node)
  const byteCount = count * (visit.keyBytes + ADDRESS_BYTES) + visit.keyBytes
  visit.walk.spend(PREFIX_BYTES + byteCount, address)
  const entries = await source.read(address + PREFIX_BYTES, byteCount, visit.place)
  const keys: Key[] = []
  const children: number[] = []
  for (let index = 0; index < count; index += 1) {
    keys.push(visit.readKey(entries.part(visit.keyBytes)))
    children.push(entries.requireAddress('a B-tree child'))
  }
  if (count > 0) {
    keys.push(visit.readKey(entries.part(visit.keyBytes)))
    checkOrder(entries, keys, node)
  }
  return { level, keys, children }
}

function readPrefix<Key>(
  prefix: ByteCursor,
  { visit, level: expected }: NodeVisit<Key>,
): { readonly level: number; readonly count: number } {
  prefix.expectSignature('TREE', 'a B-tree node')
  const nodeType = prefix.uint8()
  const level = prefix.uint8()
  const count = prefix.uint16()
  if (nodeType !== visit.nodeType) {
    throw prefix.damage(`B-tree node of type ${nodeType} instead of ${visit.nodeType}`, { back: 4 })
  }
  if (level > LIMITS.depth || (expected !== undefined && level !== expected)) {
    throw prefix.damage(`B-tree node of level ${level} instead of ${expected ?? 'a sane one'}`, { back: 3 })
  }
  if (visit.mostChildren !== undefined && count > visit.mostChildren) {
    throw prefix.damage(`B-tree node of ${count} children; ${visit.mostChildren} are the most`, { back: 2 })
  }
  return { level, count }
}

function checkOrder<Key>(entries: ByteCursor, keys: readonly Key[], { visit, bounds }: NodeVisit<Key>): void {
  const isAscending = keys.every((key, index) => index === 0 || visit.compare(keys[index - 1]!, key) < 0)
  const isInside =
    bounds === undefined ||
    (visit.compare(bounds.left, keys[0]!) <= 0 && visit.compare(keys.at(-1)!, bounds.right) <= 0)
  if (!isAscending || !isInside) {
    const where = isAscending ? 'leave the range of their node' : 'do not ascend'
    throw entries.damage(`the keys of a B-tree node ${where}`, { back: entries.position })
  }
}
