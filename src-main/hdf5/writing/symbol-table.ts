import { ByteWriter, encodeText } from './byte-writer.ts'
import type { LinkToWrite } from './group-links.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'

/** Spec: 2 K entries a leaf (K = 4) and 2 K children a node (K = 16): what holds without a word in the superblock. */
const LEAF_ENTRIES = 8
const NODE_CHILDREN = 32
const LEAF_BYTES = 8 + LEAF_ENTRIES * 40
const NODE_BYTES = 24 + (NODE_CHILDREN + 1) * 8 + NODE_CHILDREN * 8
const HEAP_HEAD_BYTES = 32
const NODE_TYPE = 0
/** Spec: as head of the free list: there is none. */
const NO_FREE_SPACE = 1
const CACHE = { nothing: 0, softLink: 2 } as const

export interface EncodedSymbolTable {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly message: HeaderMessage
}

/** Names in a local heap, and the offsets of what stands there. */
interface NameHeap {
  readonly writer: ByteWriter
  readonly entries: readonly SymbolEntry[]
}

interface SymbolEntry {
  readonly link: LinkToWrite
  readonly nameOffset: number
  readonly targetOffset: number
}

/** A child of a tree node, and the largest name in it. */
interface Child {
  readonly address: number
  readonly lastName: number
}

/**
 * Spec: group as symbol table: local heap with the names, leaves (SNOD), version 1 B-tree (node type 0). Takes any number of links.
 *
 * A pure function: `links` sorted by the bytes of their names and at least one; `address` is where the bytes will lie.
 */
export function encodeSymbolTable(links: readonly LinkToWrite[], address: number): EncodedSymbolTable {
  const heap = buildHeap(links)
  const leafCount = Math.ceil(links.length / LEAF_ENTRIES)
  const writer = new ByteWriter(
    HEAP_HEAD_BYTES + heap.writer.length + leafCount * (LEAF_BYTES + 32) + NODE_BYTES,
  )
  writer.text('HEAP').uint8(0).zeros(3).uint64(heap.writer.length)
  writer
    .uint64(NO_FREE_SPACE)
    .uint64(address + HEAP_HEAD_BYTES)
    .bytes(heap.writer.toBytes())
  const leaves = writeLeaves(writer, heap.entries, address)
  const root = writeTree(writer, leaves, address)
  const body = new ByteWriter(16).uint64(root).uint64(address).toBytes()
  return { bytes: writer.toBytes(), message: { type: MESSAGE.symbolTable, body } }
}

function buildHeap(links: readonly LinkToWrite[]): NameHeap {
  // Spec: offset 0 holds the empty name, the key left of everything.
  const writer = new ByteWriter(links.length * 16).zeros(8)
  const entries = links.map((link): SymbolEntry => {
    const nameOffset = addText(writer, link.name)
    const targetOffset = link.kind === 'soft' ? addText(writer, link.target) : 0
    return { link, nameOffset, targetOffset }
  })
  return { writer, entries }
}

function addText(writer: ByteWriter, text: string): number {
  const offset = writer.length
  writer.bytes(encodeText(text)).uint8(0).pad(8)
  return offset
}

function writeLeaves(writer: ByteWriter, entries: readonly SymbolEntry[], address: number): Child[] {
  const leaves: Child[] = []
  for (let start = 0; start < entries.length; start += LEAF_ENTRIES) {
    const own = entries.slice(start, start + LEAF_ENTRIES)
    const begin = writer.length
    writer.text('SNOD').uint8(1).uint8(0).uint16(own.length)
    for (const entry of own) writeEntry(writer, entry)
    writer.padTo(begin + LEAF_BYTES)
    leaves.push({ address: address + begin, lastName: own.at(-1)!.nameOffset })
  }
  return leaves
}

/** Spec: Symbol Table Entry, 40 bytes; nothing is cached but the target of a soft link. */
function writeEntry(writer: ByteWriter, { link, nameOffset, targetOffset }: SymbolEntry): void {
  writer.uint64(nameOffset).address(link.kind === 'hard' ? link.address : null)
  writer.uint32(link.kind === 'hard' ? CACHE.nothing : CACHE.softLink).uint32(0)
  writer.uint32(targetOffset).zeros(12)
}

/** All levels of the tree; returns the root's address. */
function writeTree(writer: ByteWriter, leaves: readonly Child[], address: number): number {
  let children = leaves
  for (let level = 0; ; level += 1) {
    children = writeLevel(writer, { level, children, start: address + writer.length })
    if (children.length === 1) return children[0]!.address
  }
}

interface Level {
  readonly level: number
  readonly children: readonly Child[]
  readonly start: number
}

function writeLevel(writer: ByteWriter, { level, children, start }: Level): Child[] {
  const nodes: Child[] = []
  const nodeCount = Math.ceil(children.length / NODE_CHILDREN)
  for (let node = 0; node < nodeCount; node += 1) {
    const own = children.slice(node * NODE_CHILDREN, (node + 1) * NODE_CHILDREN)
    const address = start + node * NODE_BYTES
    const end = writer.length + NODE_BYTES
    writer.text('TREE').uint8(NODE_TYPE).uint8(level).uint16(own.length)
    writer.address(node === 0 ? null : address - NODE_BYTES)
    writer.address(node === nodeCount - 1 ? null : address + NODE_BYTES)
    // Spec: the key left of a child is the largest name in the child before.
    writer.uint64(node === 0 ? 0 : nodes[node - 1]!.lastName)
    for (const child of own) writer.uint64(child.address).uint64(child.lastName)
    writer.padTo(end)
    nodes.push({ address, lastName: own.at(-1)!.lastName })
  }
  return nodes
}
