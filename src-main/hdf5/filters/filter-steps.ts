import { deflateSync, inflateSync } from 'node:zlib'
import { Hdf5Error, Unsupported } from '../../errors.ts'
import { FILTER, type FilterPipeline, type FilterSpec } from '../model.ts'
import type { CheckTask, DecodeTask, FilterTask, MeasureTask } from './filter-pool.ts'
import { appendChecksum, CHECKSUM_BYTES, verifyChecksum } from './fletcher32.ts'
import { decompressLzf } from './lzf.ts'
import { describeFilter } from './pipeline.ts'
import { releaseMemory } from './release-memory.ts'
import { shuffle, unshuffle } from './shuffle.ts'
import { boundOf, compressZstd, decompressZstd, makesTooMuch, toCodecError } from './zstd-codec.ts'

/** Not shared with other threads, so that it can be handed over. */
type Bytes = Uint8Array<ArrayBuffer>

/** What zlib and zstd take where a pipeline says nothing. */
const DEFAULT_LEVEL = { deflate: 6, zstd: 3 } as const

/**
 * Sends a raw chunk through the pipeline. The result may share its buffer with `raw` if no step changes anything.
 * Throws Unsupported E_FILTER for a filter that this layer does not know.
 */
export function encodeChunk(raw: Bytes, task: FilterTask): Bytes {
  return task.pipeline.reduce((data, filter) => {
    const result = encodeStep(data, filter, task)
    releaseStep(data, [raw, result])
    return result
  }, raw)
}

/** What one step made and the next one used up. */
function releaseStep(data: Bytes, kept: readonly Bytes[]): void {
  if (kept.every(({ buffer }) => buffer !== data.buffer)) releaseMemory(data)
}

/** The bytes that the chunks in `raw` take when they are stored in each of the ways. Throws as `encodeChunk`. */
export function measureWays(raw: Bytes, { chunkBytes, ways }: MeasureTask): number[] {
  return ways.map((way) => {
    let bytes = 0
    for (let start = 0; start < raw.byteLength; start += chunkBytes) {
      const encoded = encodeChunk(raw.subarray(start, start + chunkBytes), way)
      bytes += encoded.byteLength
      releaseStep(encoded, [raw])
    }
    return bytes
  })
}

/**
 * Sends a stored chunk back through the pipeline, filters that its mask names left out. The result may be a part of `encoded`, or lie in
 * memory of the codec, which cannot be transferred to another thread.
 *
 * Throws Hdf5Error E_BOMB if it makes more than `rawBytes`, E_CHUNK if it makes less, or if a checksum or a compressed
 * stream is damaged; Unsupported E_FILTER for a filter that this layer does not know.
 */
export function decodeChunk(encoded: Bytes, task: DecodeTask): Bytes {
  const { pipeline, rawBytes, filterMask } = task
  let data = encoded
  for (let i = pipeline.length - 1; i >= 0; i -= 1) {
    if (isSkipped(filterMask, i)) continue
    const limitBytes = encodedBound(pipeline.slice(0, i), rawBytes)
    const result = decodeStep(data, { filter: pipeline[i]!, limitBytes, elementBytes: task.elementBytes })
    releaseStep(data, [encoded, result])
    data = result
  }
  if (data.byteLength > rawBytes) throw makesTooMuch(rawBytes)
  if (data.byteLength < rawBytes) {
    const text = `the chunk decodes to ${data.byteLength} bytes instead of ${rawBytes}`
    throw new Hdf5Error('E_CHUNK', text, { expected: rawBytes, actual: data.byteLength })
  }
  return data
}

/**
 * Throws Hdf5Error (E_CHUNK, E_BOMB), with its offset in the run, for a stored chunk that ends with a checksum of other bytes, or that does
 * not decode to its content. A chunk of zstd with a checksum behind it is not decoded: its form was looked at (`findOddity`).
 */
export function checkRun(run: Bytes, { chunks }: CheckTask): void {
  for (const chunk of chunks) {
    const { offset, storedBytes, pipeline, filterMask, content } = chunk
    const bytes = run.subarray(offset, offset + storedBytes)
    const applied = pipeline.filter((_, index) => !isSkipped(filterMask, index))
    const isChecked = applied.at(-1)?.id === FILTER.fletcher32
    const isProven = isChecked && applied.at(-2)?.id === FILTER.zstd
    if (content && !isProven) atOffset(offset, () => decodeChunk(bytes, { pipeline, filterMask, ...content }))
    else if (isChecked) atOffset(offset, () => verifyChecksum(bytes))
  }
}

function atOffset(offset: number, check: () => unknown): void {
  try {
    check()
  } catch (thrown) {
    if (!(thrown instanceof Hdf5Error)) throw thrown
    const { code, message, expected, actual } = thrown
    throw new Hdf5Error(code, message, { offset, expected, actual })
  }
}

/** Spec: bit i of the mask set: filter i was not applied. */
function isSkipped(filterMask: number, index: number): boolean {
  return ((filterMask >>> index) & 1) === 1
}

/** The most bytes that the first steps of a pipeline make of a raw chunk. */
function encodedBound(steps: FilterPipeline, rawBytes: number): number {
  return steps.reduce((bytes, filter) => {
    if (filter.id === FILTER.fletcher32) return bytes + CHECKSUM_BYTES
    return filter.id === FILTER.shuffle ? bytes : boundOf(bytes)
  }, rawBytes)
}

function encodeStep(data: Bytes, filter: FilterSpec, { elementBytes, encoder }: FilterTask): Bytes {
  switch (filter.id) {
    case FILTER.shuffle:
      return canShuffle(data, shuffleBytes(filter, elementBytes))
        ? shuffle(data, shuffleBytes(filter, elementBytes))
        : data
    case FILTER.deflate:
      return deflateSync(data, {
        level: filter.values[0] ?? DEFAULT_LEVEL.deflate,
        chunkSize: boundOf(data.byteLength),
      })
    case FILTER.zstd:
      return compressZstd(data, encoder ?? { level: filter.values[0] ?? DEFAULT_LEVEL.zstd })
    case FILTER.fletcher32:
      return appendChecksum(data)
    default:
      throw unknownFilter(filter.id)
  }
}

interface DecodeStep {
  readonly filter: FilterSpec
  readonly limitBytes: number
  readonly elementBytes: number
}

function decodeStep(data: Bytes, step: DecodeStep): Bytes {
  const { filter, limitBytes, elementBytes } = step
  requirePossible(filter)
  switch (filter.id) {
    case FILTER.shuffle:
      return canShuffle(data, shuffleBytes(filter, elementBytes))
        ? unshuffle(data, shuffleBytes(filter, elementBytes))
        : data
    case FILTER.deflate:
      return inflate(data, limitBytes)
    case FILTER.zstd:
      return decompressZstd(data, limitBytes)
    case FILTER.lzf:
      return decompressLzf(data, limitBytes)
    case FILTER.fletcher32:
      return verifyChecksum(data)
    default:
      throw unknownFilter(filter.id)
  }
}

/** HDF5 looks at parameters on the way back too, although decoding needs none of deflate's. */
function requirePossible({ id, values }: FilterSpec): void {
  const [value = -1] = values
  const isPossible =
    (id !== FILTER.deflate || (values.length === 1 && value >= 0 && value <= 9)) &&
    (id !== FILTER.shuffle || (values.length === 1 && value > 0))
  if (isPossible) return
  const text = `its filter ${describeFilter(id)} has the impossible parameters (${values.join(', ')})`
  throw new Hdf5Error('E_CHUNK', text, { actual: values.join(', ') })
}

function inflate(data: Bytes, limitBytes: number): Bytes {
  try {
    // One byte more than fits tells zlib at once that it is done, so that it does not make a second buffer.
    return inflateSync(data, { maxOutputLength: limitBytes, chunkSize: Math.max(64, limitBytes + 1) })
  } catch (thrown) {
    throw toCodecError(thrown, limitBytes)
  }
}

/** The filter's own element size rules: a file may have been made with another type in mind. */
function shuffleBytes(filter: FilterSpec, elementBytes: number): number {
  return filter.values[0] ?? elementBytes
}

/** Spec: nothing is moved where there is at most one whole element, or elements of one byte. */
function canShuffle(data: Uint8Array, elementBytes: number): boolean {
  return elementBytes > 1 && data.byteLength >= 2 * elementBytes
}

function unknownFilter(id: number): Unsupported {
  return new Unsupported('E_FILTER', `needs filter ${describeFilter(id)}, which Weir does not have`, {
    actual: id,
  })
}
