import { createHash, type Hash } from 'node:crypto'

import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import type { NdArray } from './nd-array.ts'

interface ContentRecord {
  readonly hash: Hash
  rowCount: number
}

/** What went into datasets of files that are being written, because their chunks cannot be read back before the end. */
const records = new WeakMap<DatasetWriter, ContentRecord>()

/** To be called before rows are appended to a dataset; see `isRecorded`. */
export function noteStored(dataset: DatasetWriter, data: NdArray): void {
  if (!isRecorded(dataset)) return
  const record = records.get(dataset) ?? { hash: createHash('sha256'), rowCount: 0 }
  if (record.rowCount !== dataset.rowCount) {
    // Someone else appended: what the dataset holds is not known any more.
    records.delete(dataset)
    return
  }
  record.hash.update(data.bytes)
  record.rowCount += data.shape[0] ?? 0
  records.set(dataset, record)
}

/** Scalar features, and all data of internal basins: those that may be there already. Hashing every image would be too dear. */
function isRecorded({ spec, path }: DatasetWriter): boolean {
  return spec.shape?.length === 1 || path.startsWith('/basin_events/')
}

/** For a 1-D dataset that was filled in another way: its values, all of them. */
export async function noteWhole(
  dataset: DatasetWriter,
  slabs: AsyncIterable<{ readonly bytes: Uint8Array }>,
): Promise<void> {
  const hash = createHash('sha256')
  for await (const { bytes } of slabs) hash.update(bytes)
  records.set(dataset, { hash, rowCount: dataset.rowCount })
}

/** SHA-256 (hex) of all that a dataset holds; undefined if part of it was not recorded. */
export function digestOfStored(dataset: DatasetWriter): string | undefined {
  const record = records.get(dataset)
  if (record?.rowCount !== dataset.rowCount) return undefined
  return record.hash.copy().digest('hex')
}
