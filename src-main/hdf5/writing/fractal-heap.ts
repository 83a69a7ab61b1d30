import { lookup3 } from '../lookup3.ts'
import { ByteWriter } from './byte-writer.ts'
import { encodeTreeV2 } from './tree-v2.ts'

/** What HDF5 takes for the heaps of attributes. */
const ID_BYTES = 8
const LARGEST_MANAGED = 4096
const SMALLEST_BLOCK = 1024
const LARGEST_BLOCK = 65_536
const TABLE_WIDTH = 4
const HEAP_BITS = 40
const OFFSET_BYTES = HEAP_BITS / 8
const LENGTH_BYTES = 2
const FLAG_CHECKED_BLOCKS = 0x02
const HUGE_INDEX = 1
const HUGE_ID = 0x10
/** Signature, version, address of the header, offset in the heap, checksum. */
const BLOCK_HEAD_BYTES = 4 + 1 + 8 + OFFSET_BYTES + 4

/** Where new pieces of the file go. */
export interface PieceSpace {
  readonly end: number
  /** Returns the address, which is what `end` was before. */
  append(bytes: Uint8Array<ArrayBuffer>): number
}

/** A heap in the file. */
export interface StoredHeap {
  readonly address: number
  /** Of each object, in the order given. */
  readonly ids: readonly Uint8Array[]
}

interface Sorted {
  /** Objects in the one block, by their place in the order given. */
  readonly managed: readonly number[]
  readonly huge: readonly number[]
}

interface HeapParts {
  readonly objects: readonly Uint8Array[]
  readonly sorted: Sorted
  readonly blockBytes: number
  readonly headerAddress: number
}

const HEADER_BYTES = 146

/**
 * Spec: "Fractal Heap": small objects in one direct block of at most 64 KiB, all others as huge objects, each on its own and listed in a
 * B-tree. The header lies first.
 */
export function storeFractalHeap(objects: readonly Uint8Array[], space: PieceSpace): StoredHeap {
  const sorted = sortObjects(objects)
  const managedBytes = sum(sorted.managed.map((index) => objects[index]!.byteLength))
  const blockBytes = Math.max(SMALLEST_BLOCK, 2 ** Math.ceil(Math.log2(BLOCK_HEAD_BYTES + managedBytes)))
  const headerAddress = space.end
  const ids: Uint8Array[] = []
  // What follows the header is made before it, since it names where that lies.
  const behind = new ByteWriter(HEADER_BYTES + blockBytes)
  const parts = { objects, sorted, blockBytes, headerAddress }
  const blockAddress = writeBlock(behind, parts, ids)
  const treeAddress = writeHugeObjects(behind, parts, ids)
  space.append(encodeHeader(parts, { managedBytes, blockAddress, treeAddress }))
  space.append(behind.toBytes())
  return { address: headerAddress, ids }
}

function sortObjects(objects: readonly Uint8Array[]): Sorted {
  const managed: number[] = []
  const huge: number[] = []
  let room = LARGEST_BLOCK - BLOCK_HEAD_BYTES
  for (const [index, { byteLength }] of objects.entries()) {
    const isManaged = byteLength <= LARGEST_MANAGED && byteLength <= room
    if (isManaged) room -= byteLength
    ;(isManaged ? managed : huge).push(index)
  }
  return { managed, huge }
}

/** Spec: "Fractal Heap Direct Block"; its checksum counts its own bytes as zeros. Returns its address; null: there is none. */
function writeBlock(behind: ByteWriter, parts: HeapParts, ids: Uint8Array[]): number | null {
  const { objects, sorted, blockBytes, headerAddress } = parts
  if (sorted.managed.length === 0) return null
  const head = new ByteWriter(blockBytes).text('FHDB').uint8(0).uint64(headerAddress).uint(0, OFFSET_BYTES)
  const rest = new ByteWriter(blockBytes)
  for (const index of sorted.managed) {
    const object = objects[index]!
    const offset = BLOCK_HEAD_BYTES + rest.length
    ids[index] = new ByteWriter(ID_BYTES)
      .uint8(0)
      .uint(offset, OFFSET_BYTES)
      .uint(object.byteLength, LENGTH_BYTES)
      .toBytes()
    rest.bytes(object)
  }
  rest.padTo(blockBytes - BLOCK_HEAD_BYTES)
  const blank = new ByteWriter(blockBytes).bytes(head.toBytes()).zeros(4).bytes(rest.toBytes())
  const address = headerAddress + HEADER_BYTES + behind.length
  behind.bytes(head.toBytes()).uint32(lookup3(blank.toBytes())).bytes(rest.toBytes())
  return address
}

/** Returns the address of their B-tree; null: there are none. */
function writeHugeObjects(behind: ByteWriter, parts: HeapParts, ids: Uint8Array[]): number | null {
  const { objects, sorted, headerAddress } = parts
  if (sorted.huge.length === 0) return null
  const start = headerAddress + HEADER_BYTES
  const records = sorted.huge.map((index, place) => {
    const object = objects[index]!
    const key = place + 1
    ids[index] = new ByteWriter(ID_BYTES)
      .uint8(HUGE_ID)
      .uint(key, ID_BYTES - 1)
      .toBytes()
    const address = start + behind.length
    behind.bytes(object)
    return new ByteWriter(24).uint64(address).uint64(object.byteLength).uint64(key).toBytes()
  })
  const treeAddress = start + behind.length
  behind.bytes(encodeTreeV2(HUGE_INDEX, records, treeAddress))
  return treeAddress
}

interface HeapFigures {
  readonly managedBytes: number
  readonly blockAddress: number | null
  readonly treeAddress: number | null
}

function encodeHeader(parts: HeapParts, figures: HeapFigures): Uint8Array<ArrayBuffer> {
  const { objects, sorted } = parts
  const { blockAddress, treeAddress } = figures
  const blockBytes = blockAddress === null ? 0 : parts.blockBytes
  const freeBytes = blockAddress === null ? 0 : blockBytes - BLOCK_HEAD_BYTES - figures.managedBytes
  const hugeBytes = sum(sorted.huge.map((index) => objects[index]!.byteLength))
  const header = new ByteWriter(HEADER_BYTES).text('FRHP').uint8(0)
  header.uint16(ID_BYTES).uint16(0).uint8(FLAG_CHECKED_BLOCKS).uint32(LARGEST_MANAGED)
  header.uint64(sorted.huge.length).address(treeAddress)
  // Free space in the block, without an index of it; managed space, what of it is allocated, where the next block begins.
  header.uint64(freeBytes).address(null).uint64(blockBytes).uint64(blockBytes).uint64(0)
  header.uint64(sorted.managed.length).uint64(hugeBytes).uint64(sorted.huge.length).uint64(0).uint64(0)
  header.uint16(TABLE_WIDTH).uint64(parts.blockBytes).uint64(LARGEST_BLOCK).uint16(HEAP_BITS).uint16(1)
  header.address(blockAddress).uint16(0)
  return header.uint32(lookup3(header.toBytes())).toBytes()
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
