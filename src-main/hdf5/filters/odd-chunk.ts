import { Hdf5Error } from '../../errors.ts'
import { FILTER } from '../model.ts'
import type { DecodeTask } from './filter-pool.ts'
import { CHECKSUM_BYTES } from './fletcher32.ts'
import { readStream, type ZstdStream } from './zstd-frame.ts'

/** How a stored chunk differs from what HDF5's filters make, so that they do not read from it what it means. */
export interface Oddity {
  /** As `2 zstd frames`. */
  readonly what: string
  /** HDF5 reads other values, or none; false: it reads the right ones by luck, and the filter ends with an error. */
  readonly isMisread: boolean
}

export type ChunkForm = Pick<DecodeTask, 'pipeline' | 'filterMask' | 'rawBytes'>

/**
 * Looks at the form of a stored chunk without decoding it; undefined where HDF5's filters read what it means, and where that shows on
 * decoding only.
 *
 * HDF5's zstd filter (32015) makes as much room as the first frame says, decodes into it and does not look at errors; versions up to
 * 4.4 of hdf5plugin read whatever lies in memory where it says nothing.
 */
export function findOddity(
  encoded: Uint8Array,
  { pipeline, filterMask, rawBytes }: ChunkForm,
): Oddity | undefined {
  const applied = pipeline.filter((_, index) => ((filterMask >>> index) & 1) === 0)
  const isChecked = applied.at(-1)?.id === FILTER.fletcher32
  const before = applied.slice(0, isChecked ? -2 : -1)
  if (applied.at(isChecked ? -2 : -1)?.id !== FILTER.zstd) return undefined
  const bytes = isChecked ? encoded.subarray(0, Math.max(0, encoded.byteLength - CHECKSUM_BYTES)) : encoded
  const isPlain = before.every(({ id }) => id === FILTER.shuffle)
  const stream = tryRead(bytes)
  return (
    stream &&
    describeStream(stream, { expectedBytes: isPlain ? rawBytes : undefined, isLast: before.length === 0 })
  )
}

/** Damaged bytes are told on decoding. */
function tryRead(bytes: Uint8Array): ZstdStream | undefined {
  try {
    return readStream(bytes)
  } catch (thrown) {
    if (thrown instanceof Hdf5Error) return undefined
    throw thrown
  }
}

interface Wanted {
  /** Undefined: another filter comes before, so nobody knows. */
  readonly expectedBytes: number | undefined
  /** Nothing is left to do behind zstd when a chunk is decoded, so nothing stumbles over its error. */
  readonly isLast: boolean
}

function describeStream(stream: ZstdStream, { expectedBytes, isLast }: Wanted): Oddity | undefined {
  const { frames, startsWithSkippable, trailingBytes } = stream
  const contents = frames.map(({ descriptor }) => descriptor.contentBytes)
  const misread = (what: string): Oddity => ({ what, isMisread: true })
  if (startsWithSkippable) return misread('a skippable zstd frame in front')
  if (contents[0] === undefined) return misread('a zstd frame that does not say its content size')
  const full = contents.filter((bytes) => bytes !== 0).length
  if (full > 1) return misread(`${full} zstd frames`)
  if (contents[0] === 0 && full > 0) return misread('an empty zstd frame in front')
  if (expectedBytes !== undefined && contents[0] !== expectedBytes)
    return misread(`a zstd frame of ${contents[0]} instead of ${expectedBytes} bytes`)
  if (trailingBytes === 0) return undefined
  const rest = trailingBytes === 1 ? 'a byte' : `${trailingBytes} bytes`
  return { what: `${rest} behind a zstd frame`, isMisread: !isLast }
}
