import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import { canDecode } from '../hdf5/filters/pipeline.ts'
import { elementCount, hasVariableParts, isCarriable, shapeOf } from '../hdf5/model.ts'
import { readChunkTable } from '../hdf5/reading/chunk-table.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { noteWhole } from './content-record.ts'
import { copyAttributes } from './copy-attributes.ts'
import type { CopyTarget } from './copy-dataset.ts'
import type { CopyOptions } from './copy-options.ts'
import { readSlabs } from './copy-rows.ts'

/** Can the stored chunks go over as they are? Not where they lie in heaps, need unknown filters, or do not fit the output's rules. */
export function canKeepChunks(dataset: StoredDataset): boolean {
  const { layout, dataspace, datatype, filters } = dataset
  if (layout.kind !== 'chunked' || dataspace.kind !== 'simple' || elementCount(dataspace) === 0) return false
  if (hasVariableParts(datatype) || !isCarriable(datatype) || !canDecode(filters)) return false
  // Spec: a chunk is not longer than a dimension that cannot grow; some writers store such chunks all the same.
  return layout.chunkShape.every((length, axis) => length <= (dataspace.maxShape[axis] ?? length))
}

/**
 * Copies a dataset for which `canKeepChunks` holds: chunks as they are stored, without compressing again; filters, chunk
 * shape, maximum shape and attributes are the source's. Throws E_HOLE where a chunk was never written.
 */
export async function copyChunks(
  file: FileReader,
  dataset: StoredDataset,
  target: CopyTarget,
  options: CopyOptions,
): Promise<DatasetWriter> {
  const table = await readChunkTable(file, dataset)
  requireAllChunks(file, dataset, table)
  const { datatype, dataspace, filters, fillValue } = dataset
  const made = target.group.createDataset(target.name, {
    datatype,
    shape: shapeOf(dataspace),
    ...(dataspace.kind === 'simple' && { maxShape: dataspace.maxShape }),
    ...(fillValue && { fillValue }),
    storage: { kind: 'chunked', chunkShape: table.chunkShape, filters },
  })
  copyAttributes(dataset, made, { path: file.path, reportWarning: options.reportWarning })
  for (const { gridIndex, address, storedBytes, filterMask } of table.records) {
    throwIfCancelled(options.signal)
    await made.keepChunk(gridIndex, { bytes: await file.readBytes(address, storedBytes), filterMask })
  }
  if (shapeOf(dataspace).length === 1) await noteValues(file, dataset, made, options)
  options.copied?.remember(dataset.address, made)
  return made
}

function requireAllChunks(
  file: FileReader,
  dataset: StoredDataset,
  table: { readonly gridShape: readonly number[]; readonly records: readonly unknown[] },
): void {
  const expected = table.gridShape.reduce((product, count) => product * count, 1)
  const actual = table.records.length
  if (actual === expected) return
  const message = `${file.path}: ${dataset.path} has ${actual} of ${expected} chunks; the others were never written`
  throw new Hdf5Error('E_HOLE', message, { path: file.path, object: dataset.path, expected, actual })
}

/** So that the same scalar feature from another file can be recognised. */
async function noteValues(
  file: FileReader,
  dataset: StoredDataset,
  made: DatasetWriter,
  { pool, fallback, signal }: CopyOptions,
): Promise<void> {
  const reader = await DatasetReader.open(file, dataset, { pool, fallback })
  await noteWhole(made, readSlabs(reader, signal))
}
