import { elementCount, shapeOf, type RawData } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { fixedStringType } from '../hdf5/writing/datatypes.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { copyAttributes } from './copy-attributes.ts'
import { copyDataset, isCopyable, type CopyTarget } from './copy-dataset.ts'
import type { CopyOptions } from './copy-options.ts'
import { copyTable } from './copy-table.ts'
import { countRawBytes, planDataset } from './plan-dataset.ts'

/** Variable-length text that would become larger as fixed-length text stays variable. */
const MOST_BYTES = 64 * 2 ** 20
/** Of an element that names its text in the heap. */
const SLOT_BYTES = 16

/**
 * Copies a log: lines of variable length become fixed-length strings as long as the longest line (in bytes, at least 1), bytes as they
 * are, attributes kept, chunked and filtered; a scalar stays one. Lines of fixed length keep their type and width, and what is no text is
 * copied as a table. An empty one is skipped and reported (W_EMPTY).
 *
 * dcnum: `copy_metadata`. Differs: dcnum cuts lines that have fewer characters than bytes.
 */
export async function copyStrings(
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyOptions,
): Promise<DatasetWriter | undefined> {
  const { datatype, dataspace } = dataset
  if (datatype.class !== 'variable-string') return copyTable(file, dataset, target, options)
  const count = elementCount(dataspace)
  if (count === 0 || countRawBytes(dataset) > MOST_BYTES) return copyTable(file, dataset, target, options)
  if (!(await isCopyable(file, dataset, options))) return undefined
  const { pool, fallback, missingChunks = 'refuse' } = options
  const reader = await DatasetReader.open(file, dataset, { pool, fallback, missingChunks })
  const lines = cutLines(await reader.readAll())
  const width = lines.reduce((longest, line) => Math.max(longest, line.length), 1)
  if (width * count > MOST_BYTES) return keepVariable(file, dataset, target, options)
  const fixed = { ...dataset, datatype: fixedStringType(width, datatype.charset), fillValue: undefined }
  const made = target.group.createDataset(target.name, planDataset(fixed, 'packed', options.dsKwds ?? {}))
  copyAttributes(dataset, made, { path: file.path, reportWarning: options.reportWarning })
  await made.write({ bytes: joinLines(lines, width), sequences: [] })
  options.copied?.remember(dataset.address, made)
  return made
}

/** A few very long lines among very many would become a dataset out of all proportion. */
async function keepVariable(
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyOptions,
): Promise<DatasetWriter | undefined> {
  const lines = shapeOf(dataset.dataspace)[0] ?? 1
  options.reportWarning?.({
    code: 'W_LOG',
    message: `${dataset.path} stays variable-length and uncompressed: its ${lines} lines differ too much in length`,
    path: file.path,
    object: dataset.path,
  })
  return copyDataset(file, dataset, target, { ...options, storage: 'as-stored' })
}

/** The bytes of each line. Spec: a variable-length string ends at its first NUL, if it holds one. */
function cutLines(data: RawData): Uint8Array[] {
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength)
  return Array.from({ length: data.bytes.length / SLOT_BYTES }, (_, row) => {
    const line = data.sequences[view.getUint32(row * SLOT_BYTES + 4, true)] ?? new Uint8Array(0)
    const end = line.indexOf(0)
    return end < 0 ? line : line.subarray(0, end)
  })
}

function joinLines(lines: readonly Uint8Array[], width: number): Uint8Array {
  const bytes = new Uint8Array(lines.length * width)
  lines.forEach((line, row) => bytes.set(line, row * width))
  return bytes
}
