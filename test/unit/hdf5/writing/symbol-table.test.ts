import { describe, expect, test } from 'vitest'
import { encodeSymbolTable } from '../../../../src-main/hdf5/writing/symbol-table.ts'

const ADDRESS = 8192

function makeTable(count: number) {
  const links = Array.from({ length: count }, (_, i) => ({
    kind: 'hard' as const,
    name: `n${String(i).padStart(6, '0')}`,
    address: 100_000 + i,
  }))
  const { bytes, message } = encodeSymbolTable(links, ADDRESS)
  const view = new DataView(bytes.buffer)
  const uint64 = (address: number) => Number(view.getBigUint64(address - ADDRESS, true))
  const body = new DataView(message.body.buffer)
  const heap = Number(body.getBigUint64(8, true))
  const data = uint64(heap + 24)
  const readName = (offset: number) => {
    const start = data + offset - ADDRESS
    return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString()
  }
  const signatureAt = (address: number) =>
    Buffer.from(bytes.subarray(address - ADDRESS, address - ADDRESS + 4)).toString()
  return { links, bytes, view, uint64, heap, readName, signatureAt, root: Number(body.getBigUint64(0, true)) }
}

type Table = ReturnType<typeof makeTable>

/** Walks as the library does, checking keys on the way. */
function collect(table: Table, address: number): { name: string; address: number }[] {
  const { view, uint64, readName, signatureAt } = table
  const count = view.getUint16(address - ADDRESS + 6, true)
  if (signatureAt(address) === 'SNOD') {
    return Array.from({ length: count }, (_, i) => {
      const entry = address + 8 + i * 40
      return { name: readName(uint64(entry)), address: uint64(entry + 8) }
    })
  }
  expect(signatureAt(address)).toBe('TREE')
  return Array.from({ length: count }, (_, i) => {
    const inside = collect(table, uint64(address + 24 + i * 16 + 8))
    expect(readName(uint64(address + 24 + i * 16)) < inside[0]!.name).toBe(true)
    expect(readName(uint64(address + 24 + (i + 1) * 16))).toBe(inside.at(-1)!.name)
    return inside
  }).flat()
}

describe('groups as symbol tables', () => {
  test.each([1, 8, 9, 256, 257, 5000])('all of %i names are found in order, between right keys', (count) => {
    const table = makeTable(count)
    expect(collect(table, table.root)).toEqual(table.links.map(({ name, address }) => ({ name, address })))
  })

  test('the heap begins with the empty name and has no free space', () => {
    const { signatureAt, heap, readName, uint64 } = makeTable(3)
    expect(signatureAt(heap)).toBe('HEAP')
    expect(readName(0)).toBe('')
    expect(uint64(heap + 8)).toBe(8 + 3 * 8)
    expect(uint64(heap + 16)).toBe(1)
    expect(uint64(heap + 24)).toBe(heap + 32)
  })

  test('levels grow: 9 names need two leaves, 257 a second level', () => {
    const level = (count: number) => {
      const { view, root } = makeTable(count)
      return [view.getUint8(root - ADDRESS + 5), view.getUint16(root - ADDRESS + 6, true)]
    }
    expect(level(8)).toEqual([0, 1])
    expect(level(9)).toEqual([0, 2])
    expect(level(256)).toEqual([0, 32])
    expect(level(257)).toEqual([1, 2])
  })

  test('a soft link has its path in the heap and no address', () => {
    const { bytes } = encodeSymbolTable([{ kind: 'soft', name: 'a', target: '/b' }], ADDRESS)
    const entry = Buffer.from(bytes.subarray(32 + 24 + 8, 32 + 24 + 48)).toString('hex')
    expect(entry).toBe(`0800000000000000${'ff'.repeat(8)}02000000${'00'.repeat(4)}10000000${'00'.repeat(12)}`)
  })
})
