import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { ChunkRecord } from '../../../../src-main/hdf5/model.ts'
import { readChunkTable } from '../../../../src-main/hdf5/reading/chunk-table.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { findDataset, openFixture, readExpected } from './reading-fixture.ts'

type Row = readonly (number | null)[]

function digest(rows: readonly Row[]): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}

/** As h5py lists them: it gives no grid index where HDF5 2.0 gives a wrong one, and no mask for edges stored without filters. */
function listAs(name: string, records: readonly ChunkRecord[]): readonly Row[] {
  const rows = records.map(({ gridIndex, address, storedBytes, filterMask }): Row => {
    const mask = name.startsWith('bare_edges') ? 0 : filterMask
    return [name === 'extensible_inner' ? null : gridIndex, address, storedBytes, mask]
  })
  return name === 'extensible_inner' ? rows.toSorted((a, b) => a[1]! - b[1]!) : rows
}

it.each(['indexes-earliest', 'indexes-v110', 'indexes-latest', 'sparse', 'superblock-1'])(
  'finds the chunks that h5py finds, wherever the index lies: %s',
  async (name) => {
    const file = await openFixture(name)
    const { chunks } = await readExpected(name)
    for (const [path, [count, sha256]] of Object.entries(chunks)) {
      const hasGrid = name === 'indexes-earliest'
      const { records } = await readChunkTable(file, await findDataset(file, path))
      expect(records, path).toHaveLength(count)
      const listed = listAs(path, records)
      const rows = hasGrid && path === 'extensible_inner' ? listed.toSorted((a, b) => a[1]! - b[1]!) : listed
      expect(digest(rows), path).toBe(sha256)
    }
  },
)

it.each([
  ['indexes-earliest', { single: 'btree-v1', fixed: 'btree-v1', extensible: 'btree-v1', tree: 'btree-v1' }],
  [
    'indexes-v110',
    {
      single: 'single',
      fixed: 'fixed-array',
      fixed_paged: 'fixed-array',
      extensible: 'extensible-array',
      tree: 'btree-v2',
      implicit: 'implicit',
    },
  ],
])('meets every kind of index: %s', async (name, kinds) => {
  const file = await openFixture(name)
  for (const [path, kind] of Object.entries(kinds)) {
    const { layout } = await findDataset(file, path)
    expect(layout.kind === 'chunked' && layout.index.kind, path).toBe(kind)
  }
})

it('knows the layout version of HDF5 2.0, whose sizes are longer', async () => {
  const file = await openFixture('indexes-latest')
  const { layout } = await findDataset(file, 'fixed_filtered')
  expect(layout.kind === 'chunked' && layout.index.layoutVersion).toBe(5)
})

it.each(['indexes-v110', 'indexes-latest'])(
  'marks edges that are stored without filters: %s',
  async (name) => {
    const file = await openFixture(name)
    const table = await readChunkTable(file, await findDataset(file, 'bare_edges'))
    // 20 x 9 in chunks of 6 x 4: the last column and the last row reach beyond.
    const bare = table.records.filter((record) => record.filterMask === 1).map((record) => record.gridIndex)
    expect(bare).toEqual([2, 5, 8, 9, 10, 11])
  },
)

it.each(['indexes-earliest', 'indexes-v110'])(
  'gives undefined for what was never written: %s',
  async (name) => {
    const file = await openFixture(name)
    const holes = await readChunkTable(file, await findDataset(file, 'holes'))
    expect([0, 1, 2, 3, 4, 9, 10, -1].map((index) => holes.get(index) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
    const never = await readChunkTable(file, await findDataset(file, 'never'))
    expect(never).toMatchObject({ records: [], gridShape: [3, 1], chunkShape: [2, 3] })
    const empty = await readChunkTable(file, await findDataset(file, 'empty'))
    expect(empty).toMatchObject({ records: [], gridShape: [0, 1] })
  },
)

it('refuses a dataset without chunks', async () => {
  const file = await openFixture('types-latest')
  await expectRejection(readChunkTable(file, await findDataset(file, '/contiguous')), 'E_TYPE')
})
