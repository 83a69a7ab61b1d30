import { expect, it } from 'vitest'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import { readChunkTable } from '../../../../src-main/hdf5/reading/chunk-table.ts'
import type { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../../../../src-main/hdf5/reading/stored-object.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import {
  SUPERBLOCK_BYTES,
  UINT8_TYPE,
  UNDEFINED,
  makeChunkedMessages,
  makeFile,
  makeSpace,
  restAddress,
  text,
  u16,
  u32,
  u64,
} from './handmade-file.ts'
import type { HandMessage } from './handmade-file.ts'
import { InlinePool, openBytes } from './reading-fixture.ts'

async function openDataset(file: FileReader): Promise<StoredDataset> {
  const object = await file.readObject(file.rootAddress, '/events/image')
  if (object.kind !== 'dataset') throw new Error('no dataset')
  return object
}

function readHandmade(file: FileReader): Promise<unknown> {
  return file.readObject(file.rootAddress, '/events/image')
}

it('ends at a header continuation that points at itself, in a file of 256 bytes', async () => {
  const self = SUPERBLOCK_BYTES + 16
  const bytes = makeFile([{ type: 0x10, body: [...u64(self), ...u64(24)] }], { fileBytes: 256 })
  const file = await openBytes(bytes)
  const error = await expectRejection(file.root(), 'E_CYCLE')
  expect(error).toMatchObject({ path: file.path, object: '/', offset: self })
  expect(error.message).toContain('cyclic')
})

it('ends at continuations that point at each other', async () => {
  const messages = [{ type: 0x10, body: [...u64(0), ...u64(24)] }]
  const second = restAddress(messages)
  const first = SUPERBLOCK_BYTES + 16
  const rest = [...u16(0x10), ...u16(16), 0, 0, 0, 0, ...u64(first), ...u64(24)]
  const bytes = makeFile([{ type: 0x10, body: [...u64(second), ...u64(24)] }], { rest })
  await expectRejection((await openBytes(bytes)).root(), 'E_CYCLE')
})

it('refuses continuations that overlap more than a file can hold', async () => {
  // 2,000 bytes of continuation messages that all point into one another, each at its own address.
  const count = 80
  const start = SUPERBLOCK_BYTES + 16
  const messages = Array.from({ length: count }, (_, index): HandMessage => {
    const address = start + 24 * ((index + 1) % count) + 0
    return { type: 0x10, body: [...u64(address), ...u64(24 * (count - ((index + 1) % count)))] }
  })
  const error = await expectRejection((await openBytes(makeFile(messages))).root(), 'E_META')
  expect(error.message).toContain('overlap')
})

/** An empty name at 0, then a, b and c at 1, 3 and 5. */
const HEAP_NAMES = '\0a\0b\0c\0\0'
/** Spec: the list of free blocks of a local heap is empty. */
const NO_FREE_BLOCK = 1

/** A group of the old form; `tree` makes the bytes of its B-tree, which lies at the given address. */
async function openGroup(tree: (address: number) => number[]): Promise<FileReader> {
  const empty = [{ type: 0x11, body: [...u64(0), ...u64(0)] }]
  const heapAddress = restAddress(empty)
  const heap = [
    ...text('HEAP'),
    0,
    0,
    0,
    0,
    ...u64(8),
    ...u64(NO_FREE_BLOCK),
    ...u64(heapAddress + 32),
    ...text(HEAP_NAMES),
  ]
  const treeAddress = heapAddress + heap.length
  const messages = [{ type: 0x11, body: [...u64(treeAddress), ...u64(heapAddress)] }]
  return openBytes(makeFile(messages, { rest: [...heap, ...tree(treeAddress)], fileBytes: 1024 }))
}

/** An entry is a key and a child; behind the last one comes one more key. */
function makeNode(
  place: readonly [type: number, level: number],
  entries: number[][],
  end: number[],
): number[] {
  const head = [...text('TREE'), ...place, ...u16(entries.length), ...u64(UNDEFINED), ...u64(UNDEFINED)]
  return [...head, ...entries.flat(), ...end]
}

it('ends at a B-tree whose child is itself', async () => {
  const file = await openGroup((address) => makeNode([0, 1], [[...u64(0), ...u64(address)]], u64(5)))
  await expectRejection(file.root(), 'E_CYCLE')
})

it('refuses a B-tree whose levels do not go down', async () => {
  const file = await openGroup((address) => [
    ...makeNode([0, 1], [[...u64(0), ...u64(address + 48)]], u64(5)),
    ...makeNode([0, 1], [[...u64(0), ...u64(address)]], u64(5)),
  ])
  expect((await expectRejection(file.root(), 'E_META')).message).toContain('level 1 instead of 0')
})

it('refuses a symbol table node that is listed twice', async () => {
  const node = [...text('SNOD'), 1, 0, ...u16(0)]
  const file = await openGroup((address) => [
    ...makeNode(
      [0, 0],
      [
        [...u64(0), ...u64(address + 64)],
        [...u64(1), ...u64(address + 64)],
      ],
      u64(5),
    ),
    ...node,
  ])
  await expectRejection(file.root(), 'E_CYCLE')
})

it.each([
  ['a name outside of the heap', [...u64(9), ...u64(96)]],
  ['an undefined address', [...u64(1), ...u64(UNDEFINED)]],
  ['an empty name', [...u64(0), ...u64(96)]],
  ['a name behind the key of its node', [...u64(5), ...u64(96)]],
  ['an unknown cache type', [...u64(1), ...u64(96), ...u32(3)]],
])('refuses a link with %s', async (_name, entry) => {
  const node = [...text('SNOD'), 1, 0, ...u16(1), ...entry, ...new Array<number>(24).fill(0)]
  const file = await openGroup((address) => [
    ...makeNode([0, 0], [[...u64(0), ...u64(address + 48)]], u64(3)),
    ...node,
  ])
  expect((await expectRejection(file.root(), 'E_META')).offset).toBeGreaterThan(SUPERBLOCK_BYTES)
})

it.each([
  ['a length of 2^63 - 1', [2n ** 63n - 1n]],
  ['a product beyond 2^53', [2 ** 30, 2 ** 30]],
  ['33 dimensions', new Array<number>(33).fill(1)],
])('refuses a dataset with %s before anything is made for it', async (_name, shape) => {
  const file = await openBytes(
    makeFile(makeChunkedMessages(shape, shape.map(() => 1).slice(0, 32), UNDEFINED)),
  )
  const error = await expectRejection(readHandmade(file), 'E_DIMS')
  expect(error).toMatchObject({ object: '/events/image', path: file.path })
})

it('refuses chunks of nothing', async () => {
  const file = await openBytes(makeFile(makeChunkedMessages([100], [0], UNDEFINED)))
  await expectRejection(readHandmade(file), 'E_CHUNKSIZE')
})

it.each([
  ['4 GiB', [65536, 65535]],
  ['257 MiB', [257, 1024, 1024]],
])('refuses to read chunks of %s, not to look at them', async (_name, chunkShape) => {
  const shape = chunkShape.map(() => 100)
  const file = await openBytes(makeFile(makeChunkedMessages(shape, chunkShape, UNDEFINED)))
  const dataset = await openDataset(file)
  expect(dataset.layout).toMatchObject({ kind: 'chunked', chunkShape })
  const opening = DatasetReader.open(file, dataset, { pool: new InlinePool() })
  const error = await expectRejection(opening, 'E_CHUNKSIZE')
  expect(error.tag).toBe('Unsupported')
})

async function openTree(
  shape: readonly number[],
  entries: readonly (readonly number[])[],
): Promise<Promise<unknown>> {
  const chunkShape = shape.map(() => 10)
  const address = restAddress(makeChunkedMessages(shape, chunkShape, 0))
  const messages = makeChunkedMessages(shape, chunkShape, address)
  const rest = makeNode(
    [1, 0],
    entries.map((one) => [...one]),
    lastChunkKey(1000),
  )
  const file = await openBytes(makeFile(messages, { rest, fileBytes: 4096 }))
  const dataset = await openDataset(file)
  return readChunkTable(file, dataset)
}

const lastChunkKey = (offset: number): number[] => [...u32(0), ...u32(0), ...u64(offset), ...u64(1)]

const entry = (offset: number, options: { readonly at?: number; readonly bytes?: number } = {}): number[] => {
  return [...u32(options.bytes ?? 10), ...u32(0), ...u64(offset), ...u64(0), ...u64(options.at ?? 2000)]
}

it('refuses chunks that cannot be where the index says', async () => {
  await expectRejection(openTree([100], [entry(5)]), 'E_META')
  await expectRejection(openTree([100], [entry(0, { at: 4090 })]), 'E_META')
  await expectRejection(openTree([100], [entry(0, { bytes: 0 })]), 'E_META')
  await expectRejection(openTree([100], [entry(0, { bytes: 11 })]), 'E_META')
  await expectRejection(openTree([100], [entry(0), entry(0)]), 'E_META')
  const outside = await expectRejection(openTree([15], [entry(0), entry(10), entry(20)]), 'E_META')
  expect(outside.message).toContain('outside of the dataset')
})

it('refuses chunks that HDF5 would search in the wrong place', async () => {
  const error = await expectRejection(openTree([100], [entry(10), entry(0), entry(20)]), 'E_META')
  expect(error.message).toContain('do not ascend')
})

it('refuses a chunk B-tree whose child is itself', async () => {
  const address = restAddress(makeChunkedMessages([100], [10], 0))
  const node = makeNode([1, 3], [entry(0, { at: address })], lastChunkKey(100))
  const file = await openBytes(
    makeFile(makeChunkedMessages([100], [10], address), { rest: node, fileBytes: 1024 }),
  )
  await expectRejection(readChunkTable(file, await openDataset(file)), 'E_CYCLE')
})

it('gives an endless dataset without chunks as what it is, and makes nothing of it', async () => {
  const file = await openBytes(makeFile(makeChunkedMessages([2 ** 52], [2 ** 20], UNDEFINED)))
  const reader = await DatasetReader.open(file, await openDataset(file), { pool: new InlinePool() })
  expect(reader.rowCount).toBe(2 ** 52)
  await expectRejection(reader.readAll(), 'E_BOMB')
})

const SPACE: HandMessage = { type: 0x01, body: makeSpace([100]) }
const TYPE: HandMessage = { type: 0x03, body: UINT8_TYPE }

it.each([
  ['too short', [3, 1, ...u64(200), ...u64(99)]],
  ['of an unknown class', [3, 9, ...u64(200), ...u64(100)]],
  ['of an unknown version', [7, 1, ...u64(200), ...u64(100)]],
  ['cut off', [3, 1, ...u32(0)]],
])('refuses a layout that is %s', async (_name, body) => {
  const file = await openBytes(makeFile([SPACE, TYPE, { type: 0x08, body }]))
  await expectRejection(readHandmade(file), 'E_META')
})

it('refuses contiguous data that have a place and no elements, as HDF5 does', async () => {
  const lost = { type: 0x08, body: [3, 1, ...u64(200), ...u64(100)] }
  const none: HandMessage = { type: 0x01, body: makeSpace([0]) }
  await expectRejection(readHandmade(await openBytes(makeFile([none, TYPE, lost]))), 'E_META')
  const empty = { type: 0x08, body: [3, 1, ...u64(UNDEFINED), ...u64(0)] }
  const dataset = await openDataset(await openBytes(makeFile([none, TYPE, empty])))
  expect(dataset.layout).toMatchObject({ kind: 'contiguous', address: null })
})

it('refuses contiguous data outside of the file where they are read', async () => {
  const layout = { type: 0x08, body: [3, 1, ...u64(200), ...u64(100)] }
  const file = await openBytes(makeFile([SPACE, TYPE, layout], { fileBytes: 290 }))
  const reader = await DatasetReader.open(file, await openDataset(file), { pool: new InlinePool() })
  await expectRejection(reader.readAll(), 'E_META')
  expect((await reader.readRows(0, 90)).length).toBe(90)
})

it('refuses an attribute that names a heap which points nowhere', async () => {
  const variable = [0x19, 1, 0, 0, ...u32(16), ...UINT8_TYPE]
  const scalar = [1, 0, 0, 0, 0, 0, 0, 0]
  const makeAttribute = (address: number | bigint, index: number, length = 4): HandMessage => ({
    type: 0x0c,
    body: [
      ...[3, 0, ...u16(2), ...u16(variable.length), ...u16(scalar.length), 0],
      ...[...text('a'), 0, ...variable, ...scalar],
      ...[...u32(length), ...u64(address), ...u32(index)],
    ],
  })
  const links = { type: 0x02, body: [0, 0, ...u64(UNDEFINED), ...u64(UNDEFINED)] }
  const heap = restAddress([links, makeAttribute(0, 0)])
  const collection = [
    ...text('GCOL'),
    1,
    0,
    0,
    0,
    ...u64(4096),
    ...u16(1),
    ...u16(1),
    ...u32(0),
    ...u64(4),
    ...text('text'),
    ...u32(0),
    // The rest is free.
    ...u64(0),
    ...u64(4096 - 16 - 24),
  ]
  const rest = [...collection, ...new Array<number>(4096 - collection.length).fill(0)]
  const open = async (attribute: HandMessage): Promise<unknown> => {
    return (await openBytes(makeFile([links, attribute], { rest }))).root()
  }
  expect(await open(makeAttribute(heap, 1))).toMatchObject({
    attributes: [{ name: 'a', data: { sequences: [Uint8Array.from(text('text'))] } }],
  })
  for (const attribute of [
    makeAttribute(heap, 2),
    makeAttribute(heap, 1, 5),
    makeAttribute(heap, 1, 0xffffffff),
    // A length that was lost.
    makeAttribute(heap, 1, 0),
    makeAttribute(heap + 8, 1),
    makeAttribute(2n ** 62n, 1),
    makeAttribute(UNDEFINED, 1),
    makeAttribute(100_000, 1),
  ]) {
    const refused = [{ name: 'a', error: { code: 'E_META', object: '/' } }]
    expect(await open(attribute)).toMatchObject({ attributes: [], refused })
  }
})

it.each([
  ['none at all, on which the library hangs', 0n],
  ['less than its own header', 8n],
  ['more than the collection', 4096n],
  ['more than any file', 2n ** 52n],
])('refuses free space of a global heap that takes %s', async (_name, size) => {
  const variable = [0x19, 1, 0, 0, ...u32(16), ...UINT8_TYPE]
  const scalar = [1, 0, 0, 0, 0, 0, 0, 0]
  const sizes = [...u16(2), ...u16(variable.length), ...u16(scalar.length)]
  const links = { type: 0x02, body: [0, 0, ...u64(UNDEFINED), ...u64(UNDEFINED)] }
  const open = async (free: bigint): Promise<unknown> => {
    const makeBody = (heap: number): number[] => [
      ...[3, 0, ...sizes, 0, ...text('a'), 0, ...variable, ...scalar],
      ...[...u32(4), ...u64(heap), ...u32(1)],
    ]
    const heap = restAddress([links, { type: 0x0c, body: makeBody(0) }])
    const object = [...u16(1), ...u16(1), ...u32(0), ...u64(4), ...text('text'), 0, 0, 0, 0]
    const collection = [...text('GCOL'), 1, 0, 0, 0, ...u64(4096), ...object, ...u64(0), ...u64(free)]
    const rest = [...collection, ...new Array<number>(4096 - collection.length).fill(0)]
    return (await openBytes(makeFile([links, { type: 0x0c, body: makeBody(heap) }], { rest }))).root()
  }
  expect(await open(4096n - 16n - 24n)).toMatchObject({ attributes: [{ name: 'a' }] })
  expect(await open(size)).toMatchObject({ refused: [{ name: 'a', error: { code: 'E_META' } }] })
})

it('refuses an attribute whose value is larger than its message, however large', async () => {
  const links = { type: 0x02, body: [0, 0, ...u64(UNDEFINED), ...u64(UNDEFINED)] }
  for (const size of [9, 0x1000_0004]) {
    const type = [0x13, 0, 0, 0, ...u32(size)]
    const scalar = [1, 0, 0, 0, 0, 0, 0, 0]
    const sizes = [...u16(2), ...u16(type.length), ...u16(scalar.length)]
    const body = [3, 0, ...sizes, 0, ...text('a'), 0, ...type, ...scalar, 7]
    const file = await openBytes(makeFile([links, { type: 0x0c, body }], { fileBytes: 4096 }))
    expect(await file.root()).toMatchObject({ refused: [{ name: 'a', error: { code: 'E_META' } }] })
  }
})

it.each([
  ['version', [1, 0]],
  ['flags', [0, 4]],
  ['length', [0, 3, 0, 0]],
])('refuses a group whose hints the library does not understand: %s', async (_name, body) => {
  const links = { type: 0x02, body: [0, 0, ...u64(UNDEFINED), ...u64(UNDEFINED)] }
  const sound = await openBytes(makeFile([links, { type: 0x0a, body: [0, 3, 8, 0, 6, 0, 4, 0, 8, 0] }]))
  expect((await sound.root()).kind).toBe('group')
  const file = await openBytes(makeFile([links, { type: 0x0a, body }]))
  await expectRejection(file.root(), 'E_META')
})

it('shows names with control and direction marks escaped', async () => {
  const file = await openBytes(makeFile([{ type: 0x99, body: [] }]))
  const error = await expectRejection(file.readObject(file.rootAddress, '/a\u202e\nb'.repeat(100)), 'E_META')
  expect(error.message).toContain('/a\\u{202e}\\u{a}b')
  expect(error.message.length).toBeLessThan(600)
})

it('refuses an object with a message that must be understood', async () => {
  const file = await openBytes(makeFile([SPACE, { type: 0x99, flags: 0x80, body: [] }]))
  const error = await expectRejection(readHandmade(file), 'E_META')
  expect(error.tag).toBe('Unsupported')
  expect(error.message).toContain('newer program')
})
