/**
 * Copies with the write package what `checks/copying.py` copies with dcnum: basins with and without internal ones, and rows of features
 * by a mapping. Argument: the folder that holds `basins.h5`, `features.h5` and `mapping.json`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeDisk } from '../../src-main/hdf5/disk/node-disk.ts'
import { createFilterPool } from '../../src-main/hdf5/filters/worker-filter-pool.ts'
import { FileReader } from '../../src-main/hdf5/reading/file-reader.ts'
import { FileWriter } from '../../src-main/hdf5/writing/file-writer.ts'
import { copyBasins, copyFeatures, fromTypedArray, HDF5Writer } from '../../src-main/write/index.ts'

const folder = process.argv[2] ?? '.'
const pool = createFilterPool({ threads: 2 })

async function make(
  name: string,
  source: string,
  copy: (src: FileReader, dst: FileWriter) => Promise<void>,
): Promise<void> {
  const dst = await FileWriter.create(nodeDisk, join(folder, name), { pool })
  const src = await FileReader.open(nodeDisk, join(folder, source))
  await copy(src, dst)
  await dst.finish()
  await dst.close()
  await src.close()
}

function failOnWarning({ message }: { readonly message: string }): void {
  throw new Error(message)
}

for (const internalBasins of [true, false]) {
  await make(`weir-basins-${String(internalBasins)}.h5`, 'basins.h5', async (src, dst) => {
    const writer = await HDF5Writer.open(dst)
    await writer.storeFeatureChunk('basinmap0', fromTypedArray(new BigInt64Array(50).fill(7n)))
    await copyBasins(src, dst, { internalBasins, reportWarning: failOnWarning })
  })
}
const { features, rows } = JSON.parse(await readFile(join(folder, 'mapping.json'), 'utf-8')) as {
  readonly features: readonly string[]
  readonly rows: readonly number[]
}
await make('weir-features.h5', 'features.h5', (src, dst) =>
  copyFeatures(src, dst, features, { mapping: fromTypedArray(Int32Array.from(rows)), slabBytes: 2 ** 20 }),
)
await pool.close()
