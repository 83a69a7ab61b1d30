import type { Compression } from '../jobs/job-schema.ts'
import type { DatasetKeywords } from '../write/default-filters.ts'

/** A job's compression in the words of the write package. With `auto`, what no plan is made for (logs, tables, contours) is stored as dcnum does. */
export function toDatasetKeywords({
  codec,
  level,
  shuffle,
  checksum,
  aim,
  byFrame,
}: Compression): DatasetKeywords {
  if (codec === 'auto') return { compression: 'auto', fletcher32: checksum, aim, byFrame }
  const shared = { fletcher32: checksum, shuffle }
  return codec === 'none'
    ? { compression: null, ...shared }
    : { compression: codec, compressionOpts: level, ...shared }
}
