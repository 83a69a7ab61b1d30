import { describe, expect, it } from 'vitest'

import { DatasetReader } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import { readSelectedRows } from '../../../src-main/read/read-selected-rows.ts'
import { HDF5Writer } from '../../../src-main/write/hdf5-writer.ts'
import { fromTypedArray } from '../../../src-main/write/nd-array.ts'
import { countDecodes } from '../write/counting-pool.ts'
import { lookInto, writeFile } from '../write/file-fixture.ts'

const MIB = 2 ** 20

/** The first byte of each row. */
function heads(bytes: Uint8Array, rowBytes: number): number[] {
  return Array.from({ length: bytes.length / rowBytes }, (_, row) => bytes[row * rowBytes] ?? -1)
}

describe('readSelectedRows', () => {
  it('reads a few of many large rows, in any order, and each chunk once', async () => {
    const rowCount = 30
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5, { dsKwds: { compressionOpts: 1, chunks: [1, MIB] } })
      for (let row = 0; row < rowCount; row++) {
        await writer.storeFeatureChunk('image', fromTypedArray(new Uint8Array(MIB).fill(row), [1, MIB]))
      }
    })
    const counting = countDecodes()
    await lookInto(path, async ({ file, dataset }) => {
      const reader = await DatasetReader.open(file, await dataset('/events/image'), counting)
      const rows = [29, 3, 4, 5, 6, 7, 8, 9, 12, 14, 3, 16, 18, 20, 0]
      expect(heads(await readSelectedRows(reader, { kind: 'list', rows }), MIB)).toEqual(rows)
      expect(counting.count).toBe(new Set(rows).size)
      expect(heads(await readSelectedRows(reader, { kind: 'run', start: 2, stop: 5 }), MIB)).toEqual([
        2, 3, 4,
      ])
      expect(await readSelectedRows(reader, { kind: 'list', rows: [] })).toHaveLength(0)
    })
  })

  it('does not decode a band again that the next list goes on with', async () => {
    const path = await writeFile(async (h5) => {
      const writer = await HDF5Writer.open(h5, { dsKwds: { chunks: [10] } })
      await writer.storeFeatureChunk('frame', fromTypedArray(Uint8Array.from({ length: 40 }, (_, i) => i)))
    })
    const counting = countDecodes()
    await lookInto(path, async ({ file, dataset }) => {
      const reader = await DatasetReader.open(file, await dataset('/events/frame'), counting)
      const before = await readSelectedRows(reader, { kind: 'list', rows: [1, 22, 24] })
      const after = await readSelectedRows(reader, { kind: 'list', rows: [26, 31] })
      expect([...before, ...after]).toEqual([1, 22, 24, 26, 31])
      expect(counting.count).toBe(3)
    })
  })
})
