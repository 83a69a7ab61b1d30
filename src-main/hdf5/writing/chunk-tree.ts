import type { ChunkRecord } from '../model.ts'
import { ByteWriter } from './byte-writer.ts'
import { chunkOffset, type ChunkGrid } from './chunk-grid.ts'

/** Spec: 2 K children a node; K = 32 is what holds without a word in the superblock. */
const NODE_CHILDREN = 64
const NODE_TYPE = 1
const NODE_HEAD_BYTES = 24

export interface EncodedTree {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly rootAddress: number
}

/** A child and the key on its left. */
interface Entry {
  readonly key: Key
  readonly address: number
}

interface Key {
  readonly storedBytes: number
  readonly filterMask: number
  readonly offset: readonly number[]
}

/**
 * Spec: version 1 B-tree (node type 1) over the chunks of a dataset: full leaves from left to right, then the levels above.
 *
 * A pure function: `records` in ascending order of gridIndex and at least one; `address` is where the bytes will lie.
 */
export function encodeChunkTree(
  grid: ChunkGrid,
  records: readonly ChunkRecord[],
  address: number,
): EncodedTree {
  const nodeBytes = nodeSize(grid)
  const writer = new ByteWriter(Math.ceil(records.length / (NODE_CHILDREN - 1)) * nodeBytes + nodeBytes)
  const lastKey = keyBehind(grid, records.at(-1)!)
  let entries = records.map((record): Entry => ({ key: keyOf(grid, record), address: record.address }))
  for (let level = 0; ; level += 1) {
    const start = address + writer.length
    writeLevel(writer, { level, start, entries, lastKey, nodeBytes })
    entries = pickFirsts(entries).map((entry, node) => ({
      key: entry.key,
      address: start + node * nodeBytes,
    }))
    if (entries.length === 1) return { bytes: writer.toBytes(), rootAddress: start }
  }
}

interface Level {
  readonly level: number
  readonly start: number
  readonly entries: readonly Entry[]
  /** Right of the last child. */
  readonly lastKey: Key
  readonly nodeBytes: number
}

function writeLevel(writer: ByteWriter, { level, start, entries, lastKey, nodeBytes }: Level): void {
  const nodeCount = Math.ceil(entries.length / NODE_CHILDREN)
  for (let node = 0; node < nodeCount; node += 1) {
    const address = start + node * nodeBytes
    const end = writer.length + nodeBytes
    const children = entries.slice(node * NODE_CHILDREN, (node + 1) * NODE_CHILDREN)
    writer.text('TREE').uint8(NODE_TYPE).uint8(level).uint16(children.length)
    writer.address(node === 0 ? null : address - nodeBytes)
    writer.address(node === nodeCount - 1 ? null : address + nodeBytes)
    for (const child of children) {
      writeKey(writer, child.key)
      writer.uint64(child.address)
    }
    writeKey(writer, entries[(node + 1) * NODE_CHILDREN]?.key ?? lastKey)
    writer.padTo(end)
  }
}

/** The first entry of each node. */
function pickFirsts(entries: readonly Entry[]): Entry[] {
  return entries.filter((_, index) => index % NODE_CHILDREN === 0)
}

function nodeSize(grid: ChunkGrid): number {
  const keyBytes = 8 + 8 * (grid.chunkShape.length + 1)
  return NODE_HEAD_BYTES + (NODE_CHILDREN + 1) * keyBytes + NODE_CHILDREN * 8
}

function keyOf(grid: ChunkGrid, record: ChunkRecord): Key {
  const { storedBytes, filterMask } = record
  // Spec: the bytes of an element count as the last dimension; its offset is 0.
  return { storedBytes, filterMask, offset: [...chunkOffset(grid, record.gridIndex), 0] }
}

/** The key right of the last chunk, as the library makes it: one chunk further in every dimension. */
function keyBehind(grid: ChunkGrid, record: ChunkRecord): Key {
  const offset = chunkOffset(grid, record.gridIndex).map((start, axis) => start + grid.chunkShape[axis]!)
  return { storedBytes: 0, filterMask: 0, offset: [...offset, grid.elementBytes] }
}

function writeKey(writer: ByteWriter, key: Key): void {
  writer.uint32(key.storedBytes).uint32(key.filterMask)
  for (const start of key.offset) writer.uint64(start)
}
