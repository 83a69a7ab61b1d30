import { buildPipeline, type FilterChoice } from '../hdf5/filters/pipeline.ts'
import { hasVariableParts, type Datatype, type FilterPipeline } from '../hdf5/model.ts'
import { STORAGE_AIMS, type StorageAim } from './storage-plan/feature-plan.ts'
import { requireArgument, requireKeywords } from './require-argument.ts'

/** How new datasets are stored. dcnum: `ds_kwds`, the keywords of h5py's `create_dataset`. */
export interface DatasetKeywords {
  /** `null`: none. Left out: zstd. `auto`: a storage plan for each feature, made with its first chunk; what is no feature gets zstd 5. */
  readonly compression?: 'auto' | 'zstd' | 'gzip' | null | undefined
  /** Level: zstd 1 to 22, gzip 0 to 9. `null` or left out: 5. */
  readonly compressionOpts?: number | null | undefined
  readonly fletcher32?: boolean | undefined
  readonly shuffle?: boolean | undefined
  /** `auto`: what the plan is to be good for; left out: balanced. */
  readonly aim?: StorageAim | undefined
  /** `auto`: images may be shuffled by frame, which not every reader gets right; left out: no. */
  readonly byFrame?: boolean | undefined
  /** Chunk shape, all dimensions; left out: chosen for the data. */
  readonly chunks?: readonly number[] | undefined
}

/** Keywords after `setDefaultFilterKwargs`: what concerns filters is settled. */
export interface FilterKeywords extends DatasetKeywords {
  readonly compression: 'auto' | 'zstd' | 'gzip' | null
  readonly compressionOpts: number | null
  readonly fletcher32: boolean
}

const DEFAULT_LEVEL = 5
const KEYWORDS = [
  'compression',
  'compressionOpts',
  'fletcher32',
  'shuffle',
  'chunks',
  'aim',
  'byFrame',
] as const

/**
 * Fills in zstd level 5 and fletcher32 where the keywords do not name them; `compression = false` leaves unnamed compression off.
 *
 * dcnum: `set_default_filter_kwargs`.
 * Differs: returns a new object and leaves its argument alone; refuses keywords that it does not know.
 * Throws InvalidInput (E_USAGE) for an unknown keyword or a value that it cannot have.
 */
export function setDefaultFilterKwargs(dsKwds: DatasetKeywords = {}, compression = true): FilterKeywords {
  checkKeywords(dsKwds)
  const codec = dsKwds.compression === undefined ? (compression ? 'zstd' : null) : dsKwds.compression
  return {
    ...dsKwds,
    compression: codec,
    compressionOpts: codec === null || codec === 'auto' ? null : (dsKwds.compressionOpts ?? DEFAULT_LEVEL),
    fletcher32: dsKwds.fletcher32 ?? true,
  }
}

function checkKeywords(dsKwds: DatasetKeywords): void {
  requireKeywords(dsKwds, 'dsKwds', KEYWORDS)
  const { compression, compressionOpts, fletcher32, shuffle, chunks } = dsKwds
  requireOneOf('dsKwds.compression', compression, ['auto', 'zstd', 'gzip', null])
  requireOneOf('dsKwds.aim', dsKwds.aim, STORAGE_AIMS)
  requireOneOf('dsKwds.byFrame', dsKwds.byFrame, [true, false])
  requireFitting(dsKwds)
  requireOneOf('dsKwds.fletcher32', fletcher32, [true, false])
  requireOneOf('dsKwds.shuffle', shuffle, [true, false])
  const isLevel =
    compressionOpts === undefined || compressionOpts === null || Number.isInteger(compressionOpts)
  requireArgument(isLevel, 'dsKwds.compressionOpts', { expected: 'a level or null', actual: compressionOpts })
  const isShape = chunks === undefined || (Array.isArray(chunks) && chunks.every(isLength))
  requireArgument(isShape, 'dsKwds.chunks', {
    expected: 'lengths of all dimensions of a chunk',
    actual: chunks,
  })
}

/** The plan chooses level and shuffle; only it has an aim. */
function requireFitting({ compression, compressionOpts, shuffle, aim, byFrame }: DatasetKeywords): void {
  const isPlanned = compression === 'auto'
  const others = isPlanned ? { compressionOpts, shuffle } : { aim, byFrame }
  const expected = isPlanned ? 'nothing beside compression auto' : 'nothing without compression auto'
  for (const [name, value] of Object.entries(others)) {
    const isNothing = value === undefined || value === null || value === false
    requireArgument(isNothing, `dsKwds.${name}`, { expected, actual: value })
  }
}

function requireOneOf(argument: string, value: unknown, known: readonly unknown[]): void {
  const expected = known.map((one) => JSON.stringify(one)).join(', ')
  requireArgument(value === undefined || known.includes(value), argument, { expected, actual: value })
}

function isLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/**
 * The filter pipeline for elements of this type.
 *
 * Spec: filters see only heap addresses of variable-length data, so that gets none.
 * Throws InvalidInput (E_USAGE) for a level that the codec does not have.
 */
export function choosePipeline(dsKwds: DatasetKeywords, datatype: Datatype): FilterPipeline {
  if (hasVariableParts(datatype)) return []
  return buildPipeline(toFilterChoice(setDefaultFilterKwargs(dsKwds)), datatype.size)
}

function toFilterChoice(kwds: FilterKeywords): FilterChoice {
  const shared = { shuffle: kwds.shuffle ?? false, checksum: kwds.fletcher32 }
  if (kwds.compression === null) return { codec: 'none', level: 0, ...shared }
  const level = kwds.compressionOpts ?? DEFAULT_LEVEL
  return { codec: kwds.compression === 'auto' ? 'zstd' : kwds.compression, level, ...shared }
}
