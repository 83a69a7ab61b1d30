import type { Warning } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { RowFallback } from '../hdf5/reading/dataset-reader.ts'
import type { CopiedObjects } from './copied-objects.ts'
import type { DatasetKeywords } from './default-filters.ts'

/** What everything that copies from one file to another is told. */
export interface CopyOptions {
  /** Decodes the source's chunks. */
  readonly pool: FilterPool
  /** How copied datasets are stored; left out: zstd 5 and fletcher32. */
  readonly dsKwds?: DatasetKeywords | undefined
  /** Reads what the layer cannot decode itself; left out: an error that names the filter. */
  readonly fallback?: RowFallback | undefined
  readonly signal?: AbortSignal | undefined
  /** Told what was left out or changed, and why. */
  readonly reportWarning?: ((warning: Warning) => void) | undefined
  /** What one object does that cannot be read: its error ends the copy (default), or it is left out, which is reported. */
  readonly failures?: 'refuse' | 'leave-out' | undefined
  /** What to do where a piece was never written: E_HOLE (default), or the copy has fill values there; see `reportFilled`. */
  readonly missingChunks?: 'refuse' | 'fill' | undefined
  /** Objects that are in the output already, so that further links to them stay links; left out: of this call only. */
  readonly copied?: CopiedObjects | undefined
  /** Told of each object that became a link to one of the output, by its path, and of the path that the link leads to. */
  readonly reportLink?: ((object: ObjectPlace, target: string) => void) | undefined
}

/** An object of the source that is spoken of: the file's path and the path inside. */
export interface ObjectPlace {
  readonly path: string
  readonly object: string
}

/** Reports that something was left out of the output. */
export function reportLeftOut(
  options: Pick<CopyOptions, 'reportWarning'>,
  place: ObjectPlace,
  left: LeftOut,
): void {
  options.reportWarning?.({
    code: left.code,
    message: `${place.object} is left out: ${left.reason}`,
    path: place.path,
    object: place.object,
  })
}

interface LeftOut {
  readonly code: 'W_TYPE' | 'W_LINK' | 'W_EXT' | 'W_EMPTY'
  readonly reason: string
}
