import { elementCount } from '../hdf5/model.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { copyDataset, type CopyTarget } from './copy-dataset.ts'
import { reportLeftOut, type CopyOptions } from './copy-options.ts'

/**
 * Copies a table (compound or array of any shape) with its attributes, chunked and filtered. An empty one is skipped, which is
 * reported as W_EMPTY; returns undefined then, or if it cannot be carried.
 */
export async function copyTable(
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyOptions,
): Promise<DatasetWriter | undefined> {
  if (elementCount(dataset.dataspace) === 0) {
    reportLeftOut(
      options,
      { path: file.path, object: dataset.path },
      { code: 'W_EMPTY', reason: 'it is empty' },
    )
    return undefined
  }
  return copyDataset(file, dataset, target, { ...options, storage: 'packed' })
}
