import { createHash, type Hash } from 'node:crypto'

import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import type { NdArray } from './nd-array.ts'

interface ContentRecord {
  /** Undefined: not made yet, of chunks that were kept. */
  hash: Hash | undefined
  rowCount: number
}

/** What went into datasets of files that are being written, because their chunks cannot be read back before the end. */
const records = new WeakMap<DatasetWriter, ContentRecord>()

/** To be called before rows are appended to a dataset; see `isRecorded`. */
export function noteStored(dataset: DatasetWriter, data: NdArray): void {
  if (!isRecorded(dataset)) return
  const record = records.get(dataset) ?? { hash: createHash('sha256'), rowCount: 0 }
  if (record.hash === undefined || record.rowCount !== dataset.rowCount) {
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

/** For a 1-D dataset of which all chunks were kept as another file stores them. They are decoded only if someone asks. */
export function noteKept(dataset: DatasetWriter): void {
  records.set(dataset, { hash: undefined, rowCount: dataset.rowCount })
}

/** SHA-256 (hex) of all that a dataset holds; undefined if part of it was not recorded, or not asked for yet. */
export function digestOfRecorded(dataset: DatasetWriter): string | undefined {
  const record = records.get(dataset)
  return record?.rowCount === dataset.rowCount ? record.hash?.copy().digest('hex') : undefined
}

/** As `digestOfRecorded`, after a look into chunks that were kept. Throws what decoding throws. */
export async function digestOfStored(dataset: DatasetWriter): Promise<string | undefined> {
  const record = records.get(dataset)
  if (record?.rowCount === dataset.rowCount) record.hash ??= await hashChunks(dataset)
  return digestOfRecorded(dataset)
}

async function hashChunks(dataset: DatasetWriter): Promise<Hash> {
  const hash = createHash('sha256')
  let rest = dataset.rowCount * dataset.spec.datatype.size
  for await (const chunk of dataset.readChunks()) {
    // The last one reaches beyond the last row.
    hash.update(chunk.subarray(0, rest))
    rest -= Math.min(rest, chunk.length)
  }
  return hash
}
