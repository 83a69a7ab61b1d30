import { describeChunk } from '../hdf5/reading/explain-chunk-error.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { CopyOptions } from './copy-options.ts'

/**
 * Warns (W_RECODED) of each dataset that was read from the file since the last call and has chunks that HDF5's own filters read
 * otherwise, or not at all: the output has the values that they mean, and other programs saw other ones in the source.
 */
export function reportRecoded(file: FileReader, options: Pick<CopyOptions, 'reportWarning'>): void {
  for (const { dataset, chunks } of file.oddChunks.take()) {
    const [first] = chunks
    if (!first) continue
    const count = chunks.length === 1 ? '1 chunk is' : `${chunks.length} chunks are`
    const where = `the first: ${describeChunk(dataset, first.record.gridIndex)}, at byte ${first.record.address}, holds ${first.what}`
    const message =
      `${file.path}: ${dataset.path}: ${count} stored in a form that HDF5's own filter reads otherwise or not at all ` +
      `(${where}); the values were decoded and stored anew`
    options.reportWarning?.({ code: 'W_RECODED', message, path: file.path, object: dataset.path })
  }
}
