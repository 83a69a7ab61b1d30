import { describe, expect, test } from 'vitest'
import { lookup3 } from '../../../../src-main/hdf5/lookup3.ts'
import { encodeDataspace } from '../../../../src-main/hdf5/writing/dataspace-encoding.ts'
import {
  chunkedLayoutMessage,
  contiguousLayoutMessage,
  fillValueMessage,
  filterMessages,
} from '../../../../src-main/hdf5/writing/dataset-messages.ts'
import { compactGroupMessages } from '../../../../src-main/hdf5/writing/group-links.ts'
import {
  attributeInfoMessage,
  encodeObjectHeader,
  referenceCountMessages,
} from '../../../../src-main/hdf5/writing/object-header.ts'
import { encodeSuperblock } from '../../../../src-main/hdf5/writing/superblock.ts'

const UNDEFINED = 'ff'.repeat(8)

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

function checksum(start: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(lookup3(Buffer.from(start, 'hex')))
  return bytes.toString('hex')
}

describe('superblock', () => {
  test('is version 2, 48 bytes, with root, end of file and checksum', () => {
    const start = `894844460d0a1a0a02080800${'00'.repeat(8)}${UNDEFINED}00000000020000000010000000000000`
    const expected = start + checksum(start)
    expect(hex(encodeSuperblock({ rootAddress: 4096, endOfFile: 2 ** 33 }))).toBe(expected)
    expect(expected).toHaveLength(96)
  })
})

describe('object header', () => {
  test('is version 2 with a four-byte size, its messages and a checksum', () => {
    const messages = [
      { type: 3, body: Uint8Array.of(1, 2, 3), isConstant: true },
      { type: 12, body: Uint8Array.of(4) },
    ]
    const start = '4f4844520202' + '0c000000' + '03030001010203' + '0c01000004'
    expect(hex(encodeObjectHeader(messages))).toBe(start + checksum(start))
  })

  test('says that there may be attributes', () => {
    expect(attributeInfoMessage().type).toBe(0x15)
    expect(hex(attributeInfoMessage().body)).toBe(`0000${UNDEFINED}${UNDEFINED}`)
  })

  test('counts references only where there are several', () => {
    expect(referenceCountMessages(1)).toEqual([])
    expect(hex(referenceCountMessages(3)[0]?.body)).toBe('0003000000')
  })
})

describe('dataspace', () => {
  test('null and scalar ones have no dimensions', () => {
    expect(hex(encodeDataspace({ kind: 'null' }))).toBe('02000002')
    expect(hex(encodeDataspace({ kind: 'scalar' }))).toBe('02000000')
  })

  test('tells the maximum only where it is another', () => {
    expect(hex(encodeDataspace({ kind: 'simple', shape: [3], maxShape: [3] }))).toBe(
      '02010001' + '0300000000000000',
    )
    expect(hex(encodeDataspace({ kind: 'simple', shape: [3, 4], maxShape: [null, 4] }))).toBe(
      '02020101' + '0300000000000000' + '0400000000000000' + UNDEFINED + '0400000000000000',
    )
  })
})

describe('messages of a dataset', () => {
  test('chunks are allocated one by one, contiguous data late', () => {
    expect(hex(fillValueMessage('chunked', undefined).body)).toBe('030b')
    expect(hex(fillValueMessage('contiguous', Uint8Array.of(7, 8)).body)).toBe('032a020000000708')
  })

  test('a chunked layout has the element as last dimension', () => {
    const { body } = chunkedLayoutMessage([40, 80], { address: 4096, elementBytes: 2 })
    expect(hex(body)).toBe('030203' + '0010000000000000' + '28000000' + '50000000' + '02000000')
    expect(hex(chunkedLayoutMessage([1], { address: null, elementBytes: 1 }).body)).toContain(UNDEFINED)
  })

  test('a contiguous layout without data has no address', () => {
    expect(hex(contiguousLayoutMessage(null, 0).body)).toBe(`0301${UNDEFINED}${'00'.repeat(8)}`)
    expect(hex(contiguousLayoutMessage(5000, 16).body)).toBe('0301' + '8813000000000000' + '1000000000000000')
  })

  test('filters of the library carry no name, others do', () => {
    const pipeline = [
      { id: 2, flags: 1, values: [8], name: 'shuffle' },
      { id: 32015, flags: 1, values: [5], name: 'ab' },
      { id: 3, flags: 0, values: [] },
    ]
    const shuffle = '0200' + '0100' + '0100' + '08000000'
    const zstd = '0f7d' + '0300' + '0100' + '0100' + '616200' + '05000000'
    const fletcher = '0300' + '0000' + '0000'
    expect(hex(filterMessages(pipeline)[0]?.body)).toBe('0203' + shuffle + zstd + fletcher)
    expect(filterMessages([])).toEqual([])
  })
})

describe('links', () => {
  test('hard links carry an address, soft ones a path, and a charset only where it matters', () => {
    const [info, group, hard, soft] = compactGroupMessages([
      { kind: 'hard', name: 'ab', address: 4096 },
      { kind: 'soft', name: 'µ', target: '/ab' },
    ])
    expect(hex(info?.body)).toBe(`0000${UNDEFINED}${UNDEFINED}`)
    expect(hex(group?.body)).toBe('0000')
    expect(hex(hard?.body)).toBe('0101' + '0200' + '6162' + '0010000000000000')
    expect(hex(soft?.body)).toBe('0119' + '01' + '01' + '0200' + 'c2b5' + '0300' + '2f6162')
  })
})
