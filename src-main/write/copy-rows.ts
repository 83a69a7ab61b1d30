import { throwIfCancelled } from '../errors.ts'
import { hasVariableParts } from '../hdf5/model.ts'
import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { noteStored } from './content-record.ts'

/** Bytes of the rows that are in memory at a time, if a single row is not larger. */
const SLAB_BYTES = 8 * 2 ** 20

/** Copies all rows of a dataset into a fresh one, a slab at a time; variable-length data at once. */
export async function copyRows(
  reader: DatasetReader,
  target: DatasetWriter,
  signal?: AbortSignal,
): Promise<void> {
  const { dataset } = reader
  if (dataset.dataspace.kind === 'null') return
  if (hasVariableParts(dataset.datatype)) {
    await target.write(await reader.readAll())
    return
  }
  for await (const { bytes, rowCount } of readSlabs(reader, signal)) {
    noteStored(target, {
      datatype: dataset.datatype,
      shape: [rowCount, ...(target.spec.shape?.slice(1) ?? [])],
      bytes,
    })
    await target.append(bytes)
  }
}

/** All rows of a dataset in order, about 8 MiB at a time, in whole bands of chunks where these are smaller. */
export async function* readSlabs(
  reader: DatasetReader,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly rowCount: number }> {
  const rows = chooseSlabRows(reader)
  for (let start = 0; start < reader.rowCount; start += rows) {
    throwIfCancelled(signal)
    const stop = Math.min(start + rows, reader.rowCount)
    yield { bytes: await reader.readRows(start, stop), rowCount: stop - start }
  }
}

function chooseSlabRows(reader: DatasetReader): number {
  const fitting = Math.max(1, Math.floor(SLAB_BYTES / Math.max(1, reader.rowBytes)))
  return fitting > reader.bandRows ? fitting - (fitting % reader.bandRows) : fitting
}
