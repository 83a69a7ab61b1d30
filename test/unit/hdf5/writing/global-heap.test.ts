import { describe, expect, test } from 'vitest'
import { NO_SEQUENCE, type Datatype } from '../../../../src-main/hdf5/model.ts'
import { integerType, variableStringType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import { GlobalHeap } from '../../../../src-main/hdf5/writing/global-heap.ts'
import { storeSequences } from '../../../../src-main/hdf5/writing/store-sequences.ts'
import { expectError } from '../../../helpers/expect-error.ts'

function makeHeap() {
  const written = new Map<number, Uint8Array>()
  let end = 4096
  const heap = new GlobalHeap({
    reserve: (byteCount) => (end += byteCount) - byteCount,
    fill: (address, bytes) => written.set(address, bytes),
  })
  /** Objects of all collections by `address:index`, and the size of each collection's rest. */
  const read = () => {
    heap.flush()
    const objects = new Map<string, string>()
    const rests: number[] = []
    for (const [address, bytes] of written) {
      const view = new DataView(bytes.buffer)
      expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe('47434f4c01000000')
      expect(Number(view.getBigUint64(8, true))).toBe(bytes.byteLength)
      let at = 16
      for (;;) {
        const index = at + 16 <= bytes.byteLength ? view.getUint16(at, true) : 0
        if (index === 0) break
        const length = Number(view.getBigUint64(at + 8, true))
        objects.set(`${address}:${index}`, Buffer.from(bytes.subarray(at + 16, at + 16 + length)).toString())
        at += 16 + Math.ceil(length / 8) * 8
      }
      const rest = bytes.byteLength - at
      if (rest >= 16) expect(Number(view.getBigUint64(at + 8, true))).toBe(rest)
      rests.push(rest)
    }
    return { objects, rests, sizes: [...written.values()].map((bytes) => bytes.byteLength) }
  }
  return { heap, read }
}

describe('global heap', () => {
  test('keeps sequences in a collection of 4,096 bytes, object 0 telling the rest', () => {
    const { heap, read } = makeHeap()
    expect(heap.store(Buffer.from('abc'))).toEqual({ collection: 4096, index: 1 })
    expect(heap.store(Buffer.from('12345678'))).toEqual({ collection: 4096, index: 2 })
    const { objects, rests, sizes } = read()
    expect([...objects]).toEqual([
      ['4096:1', 'abc'],
      ['4096:2', '12345678'],
    ])
    expect(sizes).toEqual([4096])
    expect(rests).toEqual([4096 - 16 - 2 * 24])
  })

  test('opens another collection where one is full, and a large one for a large sequence', () => {
    const { heap, read } = makeHeap()
    const texts = ['a'.repeat(4000), 'b'.repeat(4000), 'c'.repeat(100_000), 'd']
    const ids = texts.map((text) => heap.store(Buffer.from(text)))
    const { objects, sizes } = read()
    expect(ids.map((id) => objects.get(`${id.collection}:${id.index}`))).toEqual(texts)
    expect(new Set(ids.map((id) => id.collection)).size).toBe(4)
    expect(Math.min(...sizes)).toBe(4096)
    expect(Math.max(...sizes)).toBe(100_000 + 32)
  })

  test('a collection may be filled to the last byte', () => {
    const { heap, read } = makeHeap()
    heap.store(Buffer.alloc(4096 - 32, 'x'))
    heap.store(Buffer.from('y'))
    expect(read().rests[0]).toBe(0)
  })

  test('many short sequences go into few collections', () => {
    const { heap, read } = makeHeap()
    for (let i = 0; i < 20_000; i += 1) heap.store(Buffer.from(String(i)))
    const { objects, sizes } = read()
    expect(objects.size).toBe(20_000)
    expect(sizes.length).toBeLessThan(14)
  })
})

describe('variable-length values', () => {
  const slot = (length: number, index: number) => {
    const bytes = Buffer.alloc(16)
    bytes.writeUInt32LE(length, 0)
    bytes.writeUInt32LE(index, 4)
    return bytes
  }

  test('null and empty ones are all zero', () => {
    const { heap, read } = makeHeap()
    const bytes = Buffer.concat([slot(0, NO_SEQUENCE), slot(0, 0)])
    expect([...storeSequences(variableStringType(), { bytes, sequences: [] }, heap)]).toEqual(
      new Array(32).fill(0),
    )
    expect(read().objects.size).toBe(0)
  })

  test('a slot gets number of elements, collection and index', () => {
    const { heap } = makeHeap()
    const type: Datatype = { class: 'variable-sequence', size: 16, base: integerType(4, true) }
    const stored = storeSequences(type, { bytes: slot(2, 0), sequences: [new Uint8Array(8)] }, heap)
    expect(Buffer.from(stored).toString('hex')).toBe('02000000' + '0010000000000000' + '01000000')
  })

  test('sequences of sequences are stored from the inside out', () => {
    const { heap, read } = makeHeap()
    const type: Datatype = { class: 'variable-sequence', size: 16, base: variableStringType() }
    const sequences = [Buffer.concat([slot(2, 1), slot(3, 2)]), Buffer.from('ab'), Buffer.from('cde')]
    const stored = storeSequences(type, { bytes: slot(2, 0), sequences }, heap)
    const { objects } = read()
    expect([objects.get('4096:1'), objects.get('4096:2')]).toEqual(['ab', 'cde'])
    expect(Buffer.from(stored).readUInt32LE(12)).toBe(3)
  })

  test('parts of compounds and arrays are found, the rest is left alone', () => {
    const { heap, read } = makeHeap()
    const type: Datatype = {
      class: 'compound',
      size: 35,
      members: [
        { name: 'n', offset: 0, type: integerType(1, false) },
        {
          name: 'texts',
          offset: 2,
          type: { class: 'array', size: 32, dims: [2], base: variableStringType() },
        },
      ],
    }
    const bytes = Buffer.concat([Buffer.of(9, 8), slot(1, 0), slot(2, 1), Buffer.of(7)])
    const stored = storeSequences(type, { bytes, sequences: [Buffer.from('x'), Buffer.from('yz')] }, heap)
    expect([...read().objects.values()]).toEqual(['x', 'yz'])
    expect([stored[0], stored[1], stored[34]]).toEqual([9, 8, 7])
    expect(bytes.subarray(2, 18)).toEqual(slot(1, 0))
  })

  test('a slot that does not fit its sequence is refused', () => {
    const { heap } = makeHeap()
    const data = { bytes: slot(5, 0), sequences: [Buffer.from('abc')] }
    expectError(() => storeSequences(variableStringType(), data, heap), 'E_LEN')
    expectError(
      () => storeSequences(variableStringType(), { bytes: slot(1, 9), sequences: [] }, heap),
      'E_LEN',
    )
  })
})
