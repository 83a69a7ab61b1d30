import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import { findOddity } from '../hdf5/filters/odd-chunk.ts'
import { canEncode } from '../hdf5/filters/pipeline.ts'
import { elementCount, hasVariableParts, isCarriable, shapeOf, type ChunkRecord } from '../hdf5/model.ts'
import { measureChunks } from '../hdf5/reading/chunk-geometry.ts'
import { readChunkTable } from '../hdf5/reading/chunk-table.ts'
import { explainChunkError } from '../hdf5/reading/explain-chunk-error.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { DatasetWriter, StoredChunk } from '../hdf5/writing/file-writer.ts'
import { isBasinmap } from '../read/feature-names.ts'
import { digestOfStored, noteKept } from './content-record.ts'
import { copyAttributes } from './copy-attributes.ts'
import type { CopyTarget } from './copy-dataset.ts'
import type { CopyOptions } from './copy-options.ts'

/** Can the stored chunks go over as they are? Not where they lie in heaps, need unknown filters, or do not fit the output's rules. */
export function canKeepChunks(dataset: StoredDataset): boolean {
  const { layout, dataspace, datatype, filters } = dataset
  if (layout.kind !== 'chunked' || dataspace.kind !== 'simple' || elementCount(dataspace) === 0) return false
  if (hasVariableParts(datatype) || !isCarriable(datatype) || !canEncode(filters)) return false
  // Spec: a chunk is not longer than a dimension that cannot grow; some writers store such chunks all the same.
  return layout.chunkShape.every((length, axis) => length <= (dataspace.maxShape[axis] ?? length))
}

/**
 * Copies a dataset for which `canKeepChunks` holds: chunks as they are stored, without compressing again, but for those that HDF5 would
 * misread (see `reportRecoded`); filters, chunk
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
  for (const record of table.records) {
    throwIfCancelled(options.signal)
    await made.keepChunk(record.gridIndex, await readStoredChunk(file, dataset, record))
  }
  // So that the same scalar feature from another file can be recognised; a mapping is looked for without waiting.
  if (shapeOf(dataspace).length === 1) noteKept(made)
  if (isBasinmap(target.name)) await digestOfStored(made)
  options.copied?.remember(dataset.address, made)
  return made
}

/** A chunk as it lies in the file, which its errors name. */
export async function readStoredChunk(
  file: FileReader,
  dataset: StoredDataset,
  record: ChunkRecord,
): Promise<StoredChunk> {
  const { filterMask, storedBytes } = record
  const bytes = await file.readChunk(record, measureChunks(dataset)?.chunkBytes ?? storedBytes)
  const isOdd = isOddChunk(file, bytes, { dataset, record })
  const explain = (error: unknown): unknown => explainChunkError(error, { path: file.path, dataset, record })
  return { bytes, filterMask, isOdd, explain }
}

/** Do HDF5's filters read the chunk otherwise than it is meant? The file remembers it; see `reportRecoded`. */
export function isOddChunk(
  file: FileReader,
  bytes: Uint8Array,
  { dataset, record }: { readonly dataset: StoredDataset; readonly record: ChunkRecord },
): boolean {
  const rawBytes = measureChunks(dataset)?.chunkBytes ?? 0
  const { filterMask } = record
  const oddity = findOddity(bytes, { pipeline: dataset.filters, filterMask, rawBytes })
  if (oddity) file.oddChunks.note(dataset, record, oddity)
  return oddity !== undefined
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
