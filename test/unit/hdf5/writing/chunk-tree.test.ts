import { describe, expect, test } from 'vitest'
import { makeGrid } from '../../../../src-main/hdf5/writing/chunk-grid.ts'
import { encodeChunkTree } from '../../../../src-main/hdf5/writing/chunk-tree.ts'

const ADDRESS = 10_000
/** One dimension: a key takes 24 bytes. */
const NODE_BYTES = 24 + 65 * 24 + 64 * 8

function makeTree(count: number) {
  const records = Array.from({ length: count }, (_, gridIndex) => ({
    gridIndex,
    address: 500_000 + gridIndex,
    storedBytes: 100 + gridIndex,
    filterMask: gridIndex === 0 ? 3 : 0,
  }))
  const tree = encodeChunkTree(makeGrid([0], [10], 4), records, ADDRESS)
  const view = new DataView(tree.bytes.buffer)
  const readNode = (address: number) => {
    const at = address - ADDRESS
    const children = view.getUint16(at + 6, true)
    const uint64 = (offset: number) => Number(view.getBigUint64(at + offset, true))
    return {
      signature: Buffer.from(tree.bytes.subarray(at, at + 5)).toString('latin1'),
      level: view.getUint8(at + 5),
      left: view.getBigInt64(at + 8, true),
      right: view.getBigInt64(at + 16, true),
      keys: Array.from({ length: children + 1 }, (_, i) => ({
        storedBytes: view.getUint32(at + 24 + i * 32, true),
        filterMask: view.getUint32(at + 28 + i * 32, true),
        offset: [uint64(32 + i * 32), uint64(40 + i * 32)],
      })),
      children: Array.from({ length: children }, (_, i) => uint64(48 + i * 32)),
    }
  }
  return { ...tree, readNode }
}

describe('index of chunks', () => {
  test('one chunk makes one leaf whose last key lies one chunk further in every dimension', () => {
    const { rootAddress, bytes, readNode } = makeTree(1)
    expect(rootAddress).toBe(ADDRESS)
    expect(bytes.byteLength).toBe(NODE_BYTES)
    expect(readNode(rootAddress)).toEqual({
      signature: 'TREE\x01',
      level: 0,
      left: -1n,
      right: -1n,
      keys: [
        { storedBytes: 100, filterMask: 3, offset: [0, 0] },
        { storedBytes: 0, filterMask: 0, offset: [10, 4] },
      ],
      children: [500_000],
    })
  })

  test('64 chunks fill one leaf, one more makes two and a root above', () => {
    expect(makeTree(64).bytes.byteLength).toBe(NODE_BYTES)
    const { rootAddress, readNode } = makeTree(65)
    const root = readNode(rootAddress)
    expect(root.level).toBe(1)
    expect(root.children).toEqual([ADDRESS, ADDRESS + NODE_BYTES])
    expect(root.keys.map((key) => key.offset[0])).toEqual([0, 640, 650])
    const [first, second] = root.children.map(readNode)
    expect(first!.right).toBe(BigInt(ADDRESS + NODE_BYTES))
    expect(second!.left).toBe(BigInt(ADDRESS))
    expect(first!.keys.at(-1)!.offset).toEqual([640, 0])
  })

  test('4,097 chunks need three levels, and every chunk is found from the root', () => {
    const { rootAddress, readNode } = makeTree(4097)
    expect(readNode(rootAddress).level).toBe(2)
    const collect = (address: number): number[] => {
      const node = readNode(address)
      return node.level === 0 ? node.children : node.children.flatMap(collect)
    }
    expect(collect(rootAddress)).toEqual(Array.from({ length: 4097 }, (_, i) => 500_000 + i))
  })
})
