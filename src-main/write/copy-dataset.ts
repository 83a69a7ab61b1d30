import { isCarriable } from '../hdf5/model.ts'
import { nameDtype } from '../hdf5/dtype-name.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { findForeignSource } from '../hdf5/reading/virtual-sources.ts'
import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import { copyAttributes } from './copy-attributes.ts'
import { reportLeftOut, type CopyOptions } from './copy-options.ts'
import { copyRows } from './copy-rows.ts'
import { planDataset, type CopyStorage } from './plan-dataset.ts'

/** Where a copied object goes. */
export interface CopyTarget {
  readonly group: GroupWriter
  readonly name: string
}

export interface CopyDatasetOptions extends CopyOptions {
  readonly storage: CopyStorage
}

/**
 * Copies one dataset of any type with its attributes; returns undefined if it cannot be carried, which is reported:
 * W_TYPE for references and types that the layer does not know, W_EXT for data that lie in other files. A virtual dataset of sources in the
 * same file becomes an ordinary one.
 * A piece that was never written is damage (E_HOLE) unless it is to be filled: the copy would have values there, and nobody could see any
 * more that the source has none.
 */
export async function copyDataset(
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyDatasetOptions,
): Promise<DatasetWriter | undefined> {
  if (!(await isCopyable(file, dataset, options))) return undefined
  const made = target.group.createDataset(
    target.name,
    planDataset(dataset, options.storage, options.dsKwds ?? {}),
  )
  copyAttributes(dataset, made, { path: file.path, reportWarning: options.reportWarning })
  const { pool, fallback, missingChunks = 'refuse' } = options
  const reader = await DatasetReader.open(file, dataset, {
    pool,
    ...(fallback && { fallback }),
    missingChunks,
  })
  await copyRows(reader, made, options.signal)
  options.copied?.remember(dataset.address, made)
  return made
}

/** Can the dataset's data be carried? If not, says why. */
export async function isCopyable(
  file: FileReader,
  dataset: StoredDataset,
  options: CopyOptions,
): Promise<boolean> {
  const place = { path: file.path, object: dataset.path }
  const { layout, datatype } = dataset
  const foreign = layout.kind === 'virtual' ? await findForeignSource(file, dataset) : undefined
  if (foreign !== undefined || layout.kind === 'external') {
    const reason = foreign ?? 'its data lie in other files (external storage)'
    reportLeftOut(options, place, { code: 'W_EXT', reason })
    return false
  }
  if (isCarriable(datatype)) return true
  const reason = `values of type ${nameDtype(datatype)} (${datatype.class}) cannot be carried to another file`
  reportLeftOut(options, place, { code: 'W_TYPE', reason })
  return false
}
