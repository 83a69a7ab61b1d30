import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeDisk } from '../../../../src-main/hdf5/disk/node-disk.ts'
import { buildPipeline } from '../../../../src-main/hdf5/filters/pipeline.ts'
import { createFilterPool } from '../../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { integerType } from '../../../../src-main/hdf5/writing/datatypes.ts'
import { FileWriter, type DatasetWriter } from '../../../../src-main/hdf5/writing/file-writer.ts'
import { makeTemporaryFolder } from '../../../helpers/temporary-folder.ts'

const CHUNK_BYTES = 2 ** 16
const CHUNK_COUNT = 200

test('two files that share the filter threads get on side by side, whoever began first', async () => {
  const pool = createFilterPool({ threads: 1 })
  const folder = await makeTemporaryFolder()
  const storage = {
    kind: 'chunked',
    chunkShape: [CHUNK_BYTES],
    filters: buildPipeline({ codec: 'none', level: 0, shuffle: false, checksum: true }, 1),
  } as const
  const open = async (name: string) => {
    const file = await FileWriter.create(nodeDisk, join(folder, name), {
      pool,
      inFlightBytes: 8 * CHUNK_BYTES,
    })
    const spec = { datatype: integerType(1, false), shape: [0], storage }
    return { file, dataset: file.root.createDataset('data', spec) }
  }
  const fill = async (dataset: DatasetWriter) => {
    for (let chunk = 0; chunk < CHUNK_COUNT; chunk++) await dataset.append(new Uint8Array(CHUNK_BYTES))
  }
  const early = await open('early.h5')
  const late = await open('late.h5')
  const filling = [fill(early.dataset), fill(late.dataset)]
  await filling[0]
  // Served one after the other, the late one would have next to none; how the disk takes turns is not ours.
  expect(late.dataset.chunks.length).toBeGreaterThan(CHUNK_COUNT / 4)
  await filling[1]
  for (const { file } of [early, late]) {
    await file.finish()
    await file.close()
  }
  await pool.close()
})
