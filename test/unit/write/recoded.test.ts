import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Warning } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { chooseZstd } from '../../../src-main/hdf5/filters/zstd-codec.ts'
import { appendChecksum } from '../../../src-main/hdf5/filters/fletcher32.ts'
import { H5wasmFile } from '../../../src-main/hdf5/h5wasm/h5wasm-file.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import { float64Type } from '../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { copyFeatures } from '../../../src-main/write/copy-features.ts'
import type { CopyFeaturesOptions } from '../../../src-main/write/copy-features.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { expectTiled } from '../hdf5/writing/check-written.ts'
import { createInlinePool } from '../hdf5/writing/inline-pool.ts'

const pool = createInlinePool()
const FILTERS = [
  { id: 32015, flags: 1, values: [5] },
  { id: 3, flags: 0, values: [] },
]
const ROWS = 64
const VALUES = Buffer.from(Float64Array.from({ length: 3 * ROWS }, (_, i) => i).buffer)

const frame = (data: Uint8Array): Uint8Array => chooseZstd().compress(data, { level: 5 })
const rowsOf = (band: number): Buffer => VALUES.subarray(band * ROWS * 8, (band + 1) * ROWS * 8)

/** Three chunks, that in the middle in two frames. */
function makeChunks(): readonly Uint8Array<ArrayBuffer>[] {
  const middle = rowsOf(1)
  const encoded = [
    frame(rowsOf(0)),
    Buffer.concat([frame(middle.subarray(0, 256)), frame(middle.subarray(256))]),
  ]
  return [...encoded, frame(rowsOf(2))].map((bytes) => appendChecksum(bytes))
}

async function writeSource(chunks: readonly Uint8Array<ArrayBuffer>[], filters = FILTERS): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'odd.rtdc')
  const file = await FileWriter.create(nodeDisk, path, { pool })
  const storage = { kind: 'chunked', chunkShape: [ROWS], filters } as const
  const spec = { datatype: float64Type(), shape: [3 * ROWS], maxShape: [null], storage }
  const dataset = file.root.requireGroup('events').createDataset('deform', spec)
  for (const [index, bytes] of chunks.entries()) await dataset.keepChunk(index, { bytes, filterMask: 0 })
  await file.finish()
  await file.close()
  return path
}

async function readByHdf5(path: string): Promise<Buffer> {
  const reader = await FileReader.open(nodeDisk, path)
  const judge = await H5wasmFile.open(path)
  try {
    const dataset = await reader.find('/events/deform')
    if (dataset?.kind !== 'dataset') return expect.fail('no dataset')
    return Buffer.from(await judge.readRowsAs(dataset, 0, 3 * ROWS))
  } finally {
    await judge.close()
    await reader.close()
  }
}

async function copyDeform(
  source: string,
  options: CopyFeaturesOptions,
): Promise<{ path: string; warnings: Warning[] }> {
  const path = join(await makeTemporaryFolder(), 'copy.rtdc')
  const warnings: Warning[] = []
  const src = await FileReader.open(nodeDisk, source)
  onTestFinished(() => src.close())
  const dst = await FileWriter.create(nodeDisk, path, { pool })
  onTestFinished(() => dst.close())
  await copyFeatures(src, dst, ['deform'], { ...options, reportWarning: (warning) => warnings.push(warning) })
  await expectTiled(path, await dst.finish())
  return { path, warnings }
}

describe('chunks of several zstd frames', () => {
  test('are what HDF5 misreads', async () => {
    const source = await writeSource(makeChunks())
    expect((await readByHdf5(source).catch(() => Buffer.alloc(0))).equals(VALUES)).toBe(false)
  })

  test.each<[string, CopyFeaturesOptions]>([
    ['as they are stored', {}],
    ['through the filters', { dsKwds: { compression: 'zstd' } }],
  ])('are stored anew where features go over %s, with a warning', async (_, options) => {
    const { path, warnings } = await copyDeform(await writeSource(makeChunks()), options)
    expect((await readByHdf5(path)).equals(VALUES)).toBe(true)
    expect(warnings).toMatchObject([{ code: 'W_RECODED', object: '/events/deform' }])
    expect(warnings[0]!.message).toContain('1 chunk is')
    expect(warnings[0]!.message).toContain('events 64-127')
  })

  test('are found by verify, with dataset and byte', async () => {
    const report = await verifyFile(await writeSource(makeChunks()), { disk: nodeDisk, pool })
    const odd = report.findings.filter(({ code }) => code === 'E_ZSTD_FRAMES')
    expect(odd).toMatchObject([{ level: 'damage', object: '/events/deform' }])
    expect(odd[0]!.offset).toBeGreaterThan(4096)
  })

  test('are not found where there are none', async () => {
    const source = await writeSource([0, 1, 2].map((band) => appendChecksum(frame(rowsOf(band)))))
    const report = await verifyFile(source, { disk: nodeDisk, pool })
    expect(report.findings.filter(({ code }) => code.endsWith('_ZSTD_FRAMES'))).toEqual([])
    expect((await copyDeform(source, {})).warnings).toEqual([])
  })
})

describe('a chunk that does not decode to its rows fails a copy as stored', () => {
  const half = frame(rowsOf(1).subarray(0, 256))

  test('with a checksum', async () => {
    const chunks = [frame(rowsOf(0)), half, frame(rowsOf(2))].map((bytes) => appendChecksum(bytes))
    await expectRejection(copyDeform(await writeSource(chunks), {}), 'E_CHUNK')
  })

  test('and without one', async () => {
    const chunks = [frame(rowsOf(0)), half, frame(rowsOf(2))].map((bytes) => new Uint8Array(bytes))
    // What writes the source is what copies it.
    const { message } = await expectRejection(writeSource(chunks, FILTERS.slice(0, 1)), 'E_CHUNK')
    expect(message).toContain('256')
  })
})
