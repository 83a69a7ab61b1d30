import { elementCount, hasVariableParts, shapeOf } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { DatasetSpec } from '../hdf5/writing/dataset-spec.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { noteStored } from './content-record.ts'
import { copyAttributes } from './copy-attributes.ts'
import { isCopyable, type CopyTarget } from './copy-dataset.ts'
import type { CopyOptions } from './copy-options.ts'
import type { DatasetKeywords } from './default-filters.ts'
import { markAsImage } from './mark-as-image.ts'
import { planDataset } from './plan-dataset.ts'
import { readMappedSlabs, type RowMapping } from './row-mapping.ts'

export interface CopyMappedOptions extends CopyOptions {
  /** Rows that the dataset has: see `requireRows`. */
  readonly mapping: RowMapping
}

/** dclab keeps these of all values beside them, and would believe them of the selected ones. */
const STATISTICS: readonly string[] = ['mean', 'min', 'max']

/**
 * Copies rows of a dataset as a feature that may grow, attributes too; what cannot be carried is left out and reported, as by
 * `copyDataset`.
 */
export async function copyMappedRows(
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyMappedOptions,
): Promise<void> {
  if (!(await isCopyable(file, dataset, options))) return
  const { pool, fallback, missingChunks = 'refuse', mapping, dsKwds = {}, signal, reportWarning } = options
  const reader = await DatasetReader.open(file, dataset, { pool, fallback, missingChunks })
  const resized = resize(dataset, mapping.rows.length)
  const made = target.group.createDataset(target.name, planMapped(resized, dsKwds))
  const itemShape = shapeOf(dataset.dataspace).slice(1)
  if (itemShape.length === 2) markAsImage(made)
  const attributes = dataset.attributes.filter(({ name }) => !STATISTICS.includes(name))
  copyAttributes({ ...dataset, attributes }, made, { path: file.path, reportWarning, override: true })
  // Nothing can be stored of rows of 0 bytes.
  if (itemShape.includes(0)) return
  if (hasVariableParts(dataset.datatype)) return writeSequences(reader, made, mapping)
  for await (const { bytes, rowCount } of readMappedSlabs(reader, mapping, signal)) {
    noteStored(made, { datatype: dataset.datatype, shape: [rowCount, ...itemShape], bytes })
    await made.append(bytes)
  }
}

/** The dataset as if it had that many rows. */
function resize(dataset: StoredDataset, rowCount: number): StoredDataset {
  const itemShape = shapeOf(dataset.dataspace).slice(1)
  const dataspace = {
    kind: 'simple',
    shape: [rowCount, ...itemShape],
    maxShape: [null, ...itemShape],
  } as const
  return { ...dataset, dataspace }
}

/** `planDataset` does not chunk what has no elements, but a feature without rows may get some. */
function planMapped(dataset: StoredDataset, dsKwds: DatasetKeywords): DatasetSpec {
  const itemShape = shapeOf(dataset.dataspace).slice(1)
  if (elementCount(dataset.dataspace) > 0 || itemShape.includes(0))
    return planDataset(dataset, 'growing', dsKwds)
  return { ...planDataset(resize(dataset, 1), 'growing', dsKwds), shape: [0, ...itemShape] }
}

/** Spec: values of variable length lie in a heap; they are copied at once. */
async function writeSequences(
  reader: DatasetReader,
  made: DatasetWriter,
  { rows }: RowMapping,
): Promise<void> {
  const { bytes, sequences } = await reader.readAll()
  const { rowBytes } = reader
  const mapped = new Uint8Array(rows.length * rowBytes)
  rows.forEach((row, place) => {
    mapped.set(bytes.subarray(row * rowBytes, (row + 1) * rowBytes), place * rowBytes)
  })
  await made.write({ bytes: mapped, sequences })
}
