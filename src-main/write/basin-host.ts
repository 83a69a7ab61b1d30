import type { FileWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { DatasetKeywords } from './default-filters.ts'
import type { Logger } from './logger.ts'
import type { NdArray } from './nd-array.ts'

/** What a basin is stored through: an HDF5Writer. */
export interface BasinHost {
  readonly h5: FileWriter
  readonly events: GroupWriter
  readonly dsKwds: DatasetKeywords
  readonly logger: Logger
  storeFeatureChunk(feat: string, data: NdArray, groupName?: string): Promise<void>
}
