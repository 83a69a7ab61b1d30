import type { Compression } from '../jobs/job-schema.ts'
import type { DatasetKeywords } from '../write/default-filters.ts'

/** A job's compression in the words of the write package. */
export function toDatasetKeywords({ codec, level, shuffle, checksum }: Compression): DatasetKeywords {
  const shared = { fletcher32: checksum, shuffle }
  return codec === 'none'
    ? { compression: null, ...shared }
    : { compression: codec, compressionOpts: level, ...shared }
}
