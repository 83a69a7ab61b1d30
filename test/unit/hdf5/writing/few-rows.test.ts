import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { H5wasmFile } from '../../../../src-main/hdf5/h5wasm/h5wasm-file.ts'
import type { FilterPipeline } from '../../../../src-main/hdf5/model.ts'
import { DatasetReader } from '../../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader } from '../../../../src-main/hdf5/reading/file-reader.ts'
import { integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import type { DatasetSpec } from '../../../../src-main/hdf5/writing/dataset-spec.ts'
import { singleChunkLayoutMessage } from '../../../../src-main/hdf5/writing/dataset-messages.ts'
import { FileWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'
import { expectTiled } from './check-written.ts'
import { createInlinePool } from './inline-pool.ts'

const pool = createInlinePool()
const ZSTD = { id: 32015, flags: 1, values: [3] }
const FLETCHER = { id: 3, flags: 0, values: [] }
const datatype = integerType(4, true)

function makeRows(count: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Int32Array.from({ length: count * 2 }, (_, i) => i * 7 - 3).buffer)
}

/** Writes `/data` and expects Weir to read the rows back. */
async function writeRows(spec: Omit<DatasetSpec, 'datatype'>, rows: readonly Uint8Array[]) {
  const path = join(await makeTemporaryFolder(), 'rows.h5')
  const file = await FileWriter.create(nodeDisk, path, { pool })
  const dataset = file.root.createDataset('data', { datatype, ...spec })
  for (const piece of rows) await dataset.append(piece)
  const written = await file.finish()
  await file.close()
  await expectTiled(path, written)
  const reader = await FileReader.open(nodeDisk, path)
  onTestFinished(() => reader.close())
  const stored = await reader.find('/data')
  if (stored?.kind !== 'dataset') return expect.fail('no dataset')
  const own = await DatasetReader.open(reader, stored, { pool })
  expect(Buffer.from(await own.readRows(0, own.rowCount))).toEqual(Buffer.concat(rows))
  return { path, stored, bytes: written.bytes }
}

async function expectHdf5Reads(
  { path, stored }: Awaited<ReturnType<typeof writeRows>>,
  rows: readonly Uint8Array[],
): Promise<void> {
  const judge = await H5wasmFile.open(path)
  onTestFinished(() => judge.close())
  const count = Buffer.concat(rows).byteLength / 8
  expect(Buffer.from(await judge.readRowsAs(stored, 0, count))).toEqual(Buffer.concat(rows))
}

describe('a single chunk', () => {
  test.each<[string, FilterPipeline]>([
    ['unfiltered', []],
    ['with zstd and a checksum', [ZSTD, FLETCHER]],
  ])('lies where the header says, without an index: %s', async (_, filters) => {
    const storage = { kind: 'chunked', chunkShape: [300, 2], filters, isSingle: true } as const
    const written = await writeRows({ shape: [300, 2], maxShape: [300, 2], storage }, [makeRows(300)])
    await expectHdf5Reads(written, [makeRows(300)])
    const { stored, bytes } = written
    const isFiltered = filters.length > 0
    expect(stored.layout).toMatchObject({
      kind: 'chunked',
      chunkShape: [300, 2],
      index: { kind: 'single', layoutVersion: 4 },
    })
    expect(stored.layout.kind === 'chunked' && stored.layout.index.single !== undefined).toBe(isFiltered)
    expect(bytes).toBeLessThan(4096 + 300 * 2 * 4 + 512)
  })

  test.each([
    ['a maximum that is longer', [null, 2], [3, 2]],
    ['no maximum', undefined, [3, 2]],
    ['a chunk that is shorter', [3, 2], [2, 2]],
  ])('is refused for %s, because rows could follow', async (_, maxShape, chunkShape) => {
    const path = join(await makeTemporaryFolder(), 'refused.h5')
    const file = await FileWriter.create(nodeDisk, path, { pool })
    onTestFinished(() => file.close())
    const storage = { kind: 'chunked', chunkShape, filters: [], isSingle: true } as const
    const create = async () => file.root.createDataset('data', { datatype, shape: [3, 2], maxShape, storage })
    await expectRejection(create(), 'E_DIMS')
  })

  test('has lengths in the fewest bytes', () => {
    const chunk = { address: 4096, storedBytes: 9, filterMask: 0, elementBytes: 4, isFiltered: false }
    const lengths = (shape: readonly number[]): string =>
      Buffer.from(singleChunkLayoutMessage(shape, chunk).body).toString('hex').slice(4, -18)
    expect(lengths([255, 2])).toBe('000301' + 'ff0204')
    expect(lengths([256, 2])).toBe('000302' + '0001' + '0200' + '0400')
    expect(lengths([65_536])).toBe('000203' + '000001' + '040000')
  })
})

describe('a dataset with fewer rows than a chunk', () => {
  const storage = { kind: 'chunked', chunkShape: [1000, 2], filters: [], fitsRows: true } as const

  test('has a chunk as long as its rows, and may grow', async () => {
    const rows = [makeRows(1), makeRows(2)]
    const written = await writeRows({ shape: [0, 2], storage }, rows)
    await expectHdf5Reads(written, rows)
    const { stored, bytes } = written
    expect(stored.layout).toMatchObject({ chunkShape: [3, 2], index: { kind: 'btree-v1' } })
    expect(stored.dataspace).toMatchObject({ shape: [3, 2], maxShape: [null, 2] })
    expect(bytes).toBeLessThan(8000)
  })

  test('is cut so as well where chunks are narrower than a row', async () => {
    const narrow = { ...storage, chunkShape: [1000, 1] }
    const { stored } = await writeRows({ shape: [0, 2], storage: narrow }, [makeRows(5)])
    expect(stored.layout).toMatchObject({ chunkShape: [5, 1] })
  })

  test('keeps its chunks where one was filled, and where they were wished for', async () => {
    const long = await writeRows({ shape: [0, 2], storage: { ...storage, chunkShape: [4, 2] } }, [
      makeRows(9),
    ])
    expect(long.stored.layout).toMatchObject({ chunkShape: [4, 2] })
    const wished = await writeRows({ shape: [0, 2], storage: { ...storage, fitsRows: false } }, [makeRows(3)])
    expect(wished.stored.layout).toMatchObject({ chunkShape: [1000, 2] })
  })

  test('without rows it has the chunks that were planned', async () => {
    const { stored } = await writeRows({ shape: [0, 2], storage }, [])
    expect(stored.layout).toMatchObject({ chunkShape: [1000, 2], index: { address: null } })
  })
})
