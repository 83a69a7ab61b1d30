import { expect, it } from 'vitest'
import type { FilterPool } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { shapeOf } from '../../../../src-main/hdf5/model.ts'
import { readChunkTable } from '../../../../src-main/hdf5/reading/chunk-table.ts'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../../../../src-main/hdf5/reading/stored-object.ts'
import { readStrings } from '../../../../src-main/hdf5/reading/text.ts'
import { readValues } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import {
  InlinePool,
  findDataset,
  makePattern,
  openBytes,
  openFixture,
  openReader,
  readFixture,
} from './reading-fixture.ts'

const INDEXES = ['indexes-earliest', 'indexes-v110', 'indexes-latest']
const NOT_PATTERN = ['holes', 'never', 'empty']

async function readNumbers(reader: DatasetReader): Promise<unknown[]> {
  return readValues(reader.dataset.datatype, await reader.readAll())
}

it.each(INDEXES)('reads every value behind every kind of index: %s', async (name) => {
  const file = await openFixture(name)
  const paths = (await file.root()).links
    .map((link) => link.name)
    .filter((path) => !NOT_PATTERN.includes(path))
  expect(paths.length).toBeGreaterThan(13)
  for (const path of paths) {
    const reader = await openReader(file, path)
    const count = shapeOf(reader.dataset.dataspace).reduce((product, length) => product * length, 1)
    expect(await readNumbers(reader), path).toEqual(makePattern(count))
  }
})

it.each(['plain', 'filtered'])('finds single values far out in a sparse index: %s', async (path) => {
  const reader = await openReader(await openFixture('sparse'), path)
  const values = (await reader.readAll()).bytes
  const written = [...values.entries()].filter(([, value]) => value !== 0)
  expect(written).toEqual([0, 5, 1000, 131071, 131072, 139999].map((index) => [index, (7 * index + 3) % 251]))
})

it.each(['extensible_filtered', 'cube', 'tree', 'extensible_inner', 'bare_edges_growing', 'contiguous'])(
  'gives any range of rows as a part of all rows: %s',
  async (path) => {
    const file = await openFixture(path === 'contiguous' ? 'types-latest' : 'indexes-v110')
    const reader = await openReader(file, path)
    const { bytes } = await reader.readAll()
    for (const [start, stop] of [
      [0, 1],
      [1, 6],
      [4, 5],
      [5, 5],
      [3, reader.rowCount],
    ] as const) {
      const expected = bytes.subarray(start * reader.rowBytes, stop * reader.rowBytes)
      expect(await reader.readRows(start, stop), `${start}-${stop}`).toEqual(new Uint8Array(expected))
    }
  },
)

it('decodes each chunk once where slabs are read in order, however they are cut', async () => {
  const file = await openFixture('indexes-v110')
  const dataset = await findDataset(file, 'tree_filtered')
  const table = await readChunkTable(file, dataset)
  for (const step of [1, 2, 4, 7, 59, 60]) {
    const pool = new InlinePool()
    const reader = await DatasetReader.open(file, dataset, { pool })
    for (let start = 0; start < reader.rowCount; start += step) {
      await reader.readRows(start, Math.min(reader.rowCount, start + step))
    }
    expect(pool.decodedCount, `slabs of ${step}`).toBe(table.records.length)
  }
})

it('holds only a bounded number of bytes at a time', async () => {
  const file = await openFixture('indexes-latest')
  const dataset = await findDataset(file, 'fixed_filtered')
  const { layout, dataspace } = dataset
  if (layout.kind !== 'chunked' || dataspace.kind !== 'simple') throw new Error('not chunked')
  // The same index (of version 5: it says nothing of the size of an element), but chunks that claim 24 MiB each.
  const wide = 24 * 2 ** 20
  const claimed: StoredDataset = {
    ...dataset,
    dataspace: { ...dataspace, shape: [20, 9], maxShape: [20, 9] },
    datatype: { class: 'opaque', size: wide / 24, tag: '' },
  }
  let running = 0
  let most = 0
  const pool: FilterPool = {
    ...emptyPool,
    decode: async (_encoded, task) => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return new Uint8Array(task.rawBytes)
    },
  }
  const reader = await DatasetReader.open(file, claimed, { pool })
  await reader.readRows(0, 12)
  expect(most).toBe(2)
})

const emptyPool: FilterPool = {
  threads: 1,
  pending: 0,
  encode: () => Promise.reject(new Error('not asked for')),
  decode: () => Promise.reject(new Error('not asked for')),
  compare: () => Promise.reject(new Error('not asked for')),
  recode: () => Promise.reject(new Error('not asked for')),
  check: () => Promise.reject(new Error('not asked for')),
  measure: () => Promise.reject(new Error('not asked for')),
  close: () => Promise.resolve(),
}

it('says what it is going to read', async () => {
  const file = await openFixture('indexes-v110')
  const reader = await openReader(file, 'fixed_filtered')
  const { records } = await readChunkTable(file, reader.dataset)
  expect([reader.rowCount, reader.rowBytes, reader.bandRows]).toEqual([20, 18, 6])
  expect(reader.storedBytes).toBe(records.reduce((sum, record) => sum + record.storedBytes, 0))
})

it.each(INDEXES)('fills what was never written with the fill value: %s', async (name) => {
  const file = await openFixture(name)
  const pattern = makePattern(40)
  const expected = pattern.map((value, index) => {
    if (index >= 9 && index < 14) return value
    return -5
  })
  expect(await readNumbers(await openReader(file, 'holes'))).toEqual(expected)
  expect(await readNumbers(await openReader(file, 'never'))).toEqual(new Array(18).fill(0))
  const contiguous = await openReader(await openFixture('types-latest'), 'never')
  expect(await readNumbers(contiguous)).toEqual(new Array(10).fill(2.5))
})

it('calls it a hole where that is wished, naming the events', async () => {
  const file = await openFixture('indexes-v110')
  const open = async (path: string): Promise<DatasetReader> => {
    return DatasetReader.open(file, await findDataset(file, path), {
      pool: new InlinePool(),
      missingChunks: 'refuse',
    })
  }
  const holes = await open('holes')
  expect((await holes.readRows(8, 16)).length).toBe(16)
  const error = await expectRejection(holes.readRows(8, 17), 'E_HOLE')
  expect(error.message).toContain('holes, rows 16-19 missing')
  expect(error.object).toBe('/holes')
  expect((await open('empty')).rowCount).toBe(0)
})

it('names file, feature, events and byte of a chunk that cannot be decoded', async () => {
  const bytes = await readFixture('plain-v108')
  const whole = await openBytes(bytes)
  const { records } = await readChunkTable(whole, await findDataset(whole, '/events/deform'))
  const second = records[1]
  if (second === undefined) throw new Error('one chunk only')
  bytes.fill(0xff, second.address, second.address + second.storedBytes)
  const file = await openBytes(bytes)
  const reader = await openReader(file, '/events/deform')
  const error = await expectRejection(reader.readRows(0, 50), 'E_CHUNK')
  expect(error.message).toContain(`${file.path}: deform, events 7-13 unreadable`)
  expect(error).toMatchObject({ path: file.path, object: '/events/deform', offset: second.address })
  expect((await reader.readRows(0, 7)).length).toBe(56)
  expect((await reader.readRows(14, 50)).length).toBe(36 * 8)
})

async function withFilter(file: FileReader, id: number): Promise<StoredDataset> {
  const dataset = await findDataset(file, '/events/deform')
  return { ...dataset, filters: [{ id, flags: 0, values: [] }] }
}

it('names a filter that it does not know', async () => {
  const file = await openFixture('plain-v108')
  const dataset = await withFilter(file, 32001)
  const error = await expectRejection(
    DatasetReader.open(file, dataset, { pool: new InlinePool() }),
    'E_FILTER',
  )
  expect(error.tag).toBe('Unsupported')
  expect(error.message).toContain('needs 32001 (blosc)')
})

it('leaves such a dataset to the fallback', async () => {
  const file = await openFixture('plain-v108')
  const dataset = await withFilter(file, 4)
  const asked: number[][] = []
  const fallback = {
    readRows: async (_: StoredDataset, start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> => {
      asked.push([start, stop])
      return new Uint8Array((stop - start) * 8).fill(9)
    },
    readVariableRows: (): never => expect.fail('asked for parts of variable length'),
  }
  const reader = await DatasetReader.open(file, dataset, { pool: new InlinePool(), fallback })
  expect(reader.bandRows).toBe(7)
  expect(await reader.readRows(3, 5)).toEqual(new Uint8Array(16).fill(9))
  expect(asked).toEqual([[3, 5]])
})

it.each(['virtual', 'outside'])('does not follow data into other files: %s', async (path) => {
  const file = await openFixture('types-latest')
  const dataset = await findDataset(file, path)
  const asked = (): never => expect.fail('asked the fallback')
  const fallback = { readRows: asked, readVariableRows: asked }
  const opening = DatasetReader.open(file, dataset, { pool: new InlinePool(), fallback })
  expect((await expectRejection(opening, 'E_LAYOUT')).message).toMatch(/lies? in (an)?other files?/)
})

it.each(['types-earliest', 'types-latest'])(
  'reads scalars, null, compact and committed types: %s',
  async (name) => {
    const file = await openFixture(name)
    const scalar = await openReader(file, 'scalar')
    expect([scalar.rowCount, scalar.rowBytes]).toEqual([1, 8])
    expect(await readNumbers(scalar)).toEqual([3.5])
    const nothing = await openReader(file, 'null')
    expect(nothing.rowCount).toBe(0)
    expect((await nothing.readAll()).bytes).toHaveLength(0)
    expect(await readNumbers(await openReader(file, 'compact'))).toEqual(makePattern(10))
    const committed = await openReader(file, 'committed')
    expect(await readNumbers(committed)).toEqual([{ q: 1.5 }, { q: 2.5 }])
    expect(committed.dataset.committedType).toBe((await file.find('/type'))?.address)
  },
)

it.each(['types-earliest', 'types-latest'])('resolves texts and ragged rows: %s', async (name) => {
  const file = await openFixture(name)
  const readTexts = async (path: string): Promise<string[]> => {
    const reader = await openReader(file, path)
    return readStrings(reader.dataset.datatype, await reader.readAll())
  }
  expect(await readTexts('text')).toEqual(['häll'])
  expect(await readTexts('texts')).toEqual(['a', '', 'äöü', 'd'.repeat(300)])
  expect(await readTexts('texts_chunked')).toEqual(Array.from({ length: 20 }, (_, index) => `line ${index}`))
  expect(await readTexts('fixed_texts')).toEqual(['ä', 'bc'])
  expect(await readNumbers(await openReader(file, 'ragged'))).toEqual([[0, 1, 2], [], [7]])
  expect(await readTexts('texts_unwritten')).toEqual(['abc', 'z', 'abc', 'abc', 'abc'])
  await expectRejection(readTexts('scalar'), 'E_TYPE')
})

it('refuses to make gigabytes of next to nothing', async () => {
  const file = await openFixture('indexes-v110')
  const dataset = await findDataset(file, 'never')
  const length = 2 ** 30
  const claimed: StoredDataset = {
    ...dataset,
    dataspace: { kind: 'simple', shape: [length, 3], maxShape: [null, 3] },
  }
  const reader = await DatasetReader.open(file, claimed, { pool: new InlinePool() })
  await expectRejection(reader.readAll(), 'E_BOMB')
  await expectRejection(reader.readRows(0, length), 'E_DIMS')
  expect(await reader.readRows(length - 2, length)).toEqual(new Uint8Array(24))
})

it('refuses rows that are not there', async () => {
  const reader = await openReader(await openFixture('types-latest'), 'contiguous')
  await expectRejection(reader.readRows(5, 11), 'E_INTERNAL')
  await expectRejection(reader.readRows(-1, 3), 'E_INTERNAL')
})
