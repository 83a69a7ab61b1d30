import { createHash } from 'node:crypto'

import { hasVariableParts, shapeOf } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { digestOfStored } from './content-record.ts'
import type { CopyOptions } from './copy-options.ts'
import { readSlabs } from './copy-rows.ts'
import { isSameDatatype, isSameShape } from './nd-array.ts'

/** Reads all rows of a dataset, or those that are to be copied. */
export type SlabReader = (
  reader: DatasetReader,
  signal?: AbortSignal,
) => AsyncIterable<{ readonly bytes: Uint8Array }>

/**
 * Is what a dataset of the output holds equal, by type, shape and bytes, to what would be copied from the source? False as well if it
 * is not known what it holds. `rowCount` left out: all rows of the source, as `readSlabs` reads them.
 */
export async function isSameAsStored(
  src: FileReader,
  source: StoredDataset,
  existing: DatasetWriter,
  options: Pick<CopyOptions, 'pool' | 'fallback' | 'signal'> & {
    readonly selected?: SelectedRows | undefined
  },
): Promise<boolean> {
  const { pool, fallback, signal, selected } = options
  const [length, ...itemShape] = shapeOf(source.dataspace)
  const expected = [selected?.rowCount ?? length ?? -1, ...itemShape]
  if (!isSameShape(expected, [existing.rowCount, ...(existing.spec.shape?.slice(1) ?? [])])) return false
  if (hasVariableParts(source.datatype)) return false
  if (!isSameDatatype(source.datatype, existing.spec.datatype)) return false
  const digest = await digestOfStored(existing)
  if (digest === undefined) return false
  const hash = createHash('sha256')
  const reader = await DatasetReader.open(src, source, { pool, fallback, missingChunks: 'refuse' })
  const read = selected?.read ?? readSlabs
  for await (const { bytes } of read(reader, signal)) hash.update(bytes)
  return hash.digest('hex') === digest
}

/** Some rows of the source in place of all. */
export interface SelectedRows {
  readonly rowCount: number
  readonly read: SlabReader
}
