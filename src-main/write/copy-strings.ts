import { elementCount, shapeOf, type Datatype, type RawData } from '../hdf5/model.ts'
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

/** Fixed-length text above this is copied as it is; variable-length text that would become larger stays variable. */
const MOST_BYTES = 64 * 2 ** 20

type TextType = Extract<Datatype, { readonly class: 'string' | 'variable-string' }>

/**
 * Copies a log: its lines become fixed-length strings as long as the longest line (in bytes, at least 1), bytes as they are,
 * attributes kept, chunked and filtered; a scalar stays one. An empty one is skipped and reported (W_EMPTY); what is no text is copied as a table.
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
  if (datatype.class !== 'string' && datatype.class !== 'variable-string')
    return copyTable(file, dataset, target, options)
  const count = elementCount(dataspace)
  if (count === 0 || countRawBytes(dataset) > MOST_BYTES) return copyTable(file, dataset, target, options)
  if (!isCopyable(file, dataset, options)) return undefined
  const { pool, fallback } = options
  const reader = await DatasetReader.open(file, dataset, { pool, ...(fallback && { fallback }) })
  const lines = cutLines(datatype, await reader.readAll())
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

/** The bytes of each line, without what only fills the element up. */
function cutLines(type: TextType, data: RawData): Uint8Array[] {
  const lines: Uint8Array[] = []
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength)
  for (let at = 0; at < data.bytes.length; at += type.size) {
    if (type.class === 'string')
      lines.push(stripPadding(data.bytes.subarray(at, at + type.size), type.padding))
    // Spec: a variable-length string ends at its first NUL, if it holds one.
    else
      lines.push(
        stripPadding(data.sequences[view.getUint32(at + 4, true)] ?? new Uint8Array(0), 'null-terminated'),
      )
  }
  return lines
}

function stripPadding(element: Uint8Array, padding: TextType['padding']): Uint8Array {
  const SPACE = 0x20
  switch (padding) {
    case 'null-terminated': {
      const end = element.indexOf(0)
      return end < 0 ? element : element.subarray(0, end)
    }
    case 'null-padded':
      return element.subarray(0, element.findLastIndex((byte) => byte !== 0) + 1)
    case 'space-padded':
      return element.subarray(0, element.findLastIndex((byte) => byte !== SPACE) + 1)
  }
}

function joinLines(lines: readonly Uint8Array[], width: number): Uint8Array {
  const bytes = new Uint8Array(lines.length * width)
  lines.forEach((line, row) => bytes.set(line, row * width))
  return bytes
}
