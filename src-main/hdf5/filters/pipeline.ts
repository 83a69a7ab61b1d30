import { InvalidInput } from '../../errors.ts'
import { FILTER, type FilterPipeline, type FilterSpec } from '../model.ts'

/** How new chunks are to be stored. */
export interface FilterChoice {
  readonly codec: 'zstd' | 'gzip' | 'none'
  /** zstd 1 to 22, gzip 0 to 9; without meaning for `none`. */
  readonly level: number
  readonly shuffle: boolean
  /** Fletcher-32 behind the stored bytes. */
  readonly checksum: boolean
}

const OPTIONAL = 1
const MANDATORY = 0

/** The name that hdf5plugin writes beside the number; HDF5 stores names from number 256 on. */
const ZSTD_NAME = 'Zstandard compression: http://www.zstd.net'

/** Source: the list of registered filters of the HDF Group; names as people know them. */
const FILTER_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'deflate'],
  [2, 'shuffle'],
  [3, 'fletcher32'],
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scale-offset'],
  [257, 'hdf4 deflate of PyTables'],
  [305, 'lzo'],
  [307, 'bzip2'],
  [32000, 'lzf'],
  [32001, 'blosc'],
  [32002, 'mafisc'],
  [32003, 'snappy'],
  [32004, 'lz4'],
  [32005, 'apax'],
  [32006, 'cbf'],
  [32007, 'jpeg-xr'],
  [32008, 'bitshuffle'],
  [32009, 'spdp'],
  [32010, 'lpc-rice'],
  [32011, 'ccsds-123'],
  [32012, 'jpeg-ls'],
  [32013, 'zfp'],
  [32014, 'fpzip'],
  [32015, 'zstd'],
  [32016, 'b3d'],
  [32017, 'sz'],
  [32018, 'fcidecomp'],
  [32019, 'jpeg'],
  [32020, 'vbz'],
  [32021, 'fapec'],
  [32022, 'bitgroom'],
  [32023, 'granular bitround'],
  [32024, 'sz3'],
  [32025, 'delta-rice'],
  [32026, 'blosc2'],
  [32027, 'flac'],
  [32028, 'h5z-sperr'],
])

const KNOWN: ReadonlySet<number> = new Set([FILTER.deflate, FILTER.shuffle, FILTER.fletcher32, FILTER.zstd])

/** Number and name of a filter for messages, as `32001 (blosc)`. */
export function describeFilter(id: number): string {
  const name = FILTER_NAMES.get(id)
  return name === undefined ? String(id) : `${id} (${name})`
}

/** Can this layer encode and decode the filter itself? */
export function isKnownFilter(id: number): boolean {
  return KNOWN.has(id)
}

/**
 * Can this layer decode chunks of the pipeline itself? Where not, h5wasm may. LZF is read and never written: outside of h5py nobody has
 * it, and the h5wasm of today stops at parts of variable length behind it.
 */
export function canDecode(pipeline: FilterPipeline): boolean {
  return pipeline.every(({ id }) => isKnownFilter(id) || id === FILTER.lzf)
}

/** Could chunks of the pipeline be written too? */
export function canEncode(pipeline: FilterPipeline): boolean {
  return pipeline.every(({ id }) => isKnownFilter(id))
}

/**
 * The pipeline for new chunks: shuffle, codec, checksum.
 *
 * dcnum: `set_default_filter_kwargs`; flags, values and names are those that h5py 3.16 and hdf5plugin 4.4 store.
 * Throws InvalidInput E_USAGE for a level that the codec does not have.
 */
export function buildPipeline(choice: FilterChoice, elementBytes: number): FilterPipeline {
  const shuffling = { id: FILTER.shuffle, flags: OPTIONAL, values: [elementBytes], name: 'shuffle' }
  const checking = { id: FILTER.fletcher32, flags: MANDATORY, values: [], name: 'fletcher32' }
  return [
    ...(choice.shuffle ? [shuffling] : []),
    ...buildCodec(choice),
    ...(choice.checksum ? [checking] : []),
  ]
}

function buildCodec(choice: FilterChoice): readonly FilterSpec[] {
  switch (choice.codec) {
    case 'none':
      return []
    case 'zstd':
      requireLevel(choice, 1, 22)
      return [{ id: FILTER.zstd, flags: OPTIONAL, values: [choice.level], name: ZSTD_NAME }]
    case 'gzip':
      requireLevel(choice, 0, 9)
      return [{ id: FILTER.deflate, flags: OPTIONAL, values: [choice.level], name: 'deflate' }]
  }
}

function requireLevel(choice: FilterChoice, lowest: number, highest: number): void {
  const { codec, level } = choice
  if (Number.isInteger(level) && level >= lowest && level <= highest) return
  const expected = `${lowest} to ${highest}`
  throw new InvalidInput('E_USAGE', `${codec} has levels ${expected}, not ${level}`, {
    expected,
    actual: level,
  })
}
