import { createHash } from 'node:crypto'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { assertNever } from '../../errors.ts'
import { packError, type PackedError } from '../thread-errors.ts'
import { DIGEST_BYTES } from './digest-bytes.ts'
import type { CheckTask, DecodeTask, FilterTask, RecodeTask } from './filter-pool.ts'
import { checkRun, decodeChunk, encodeChunk } from './filter-steps.ts'

/** What the pool asks of a thread. */
export type FilterRequest = {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The buffer is to come back with the result in it. */
  readonly isLent: boolean
} & (
  | { readonly kind: 'encode'; readonly task: FilterTask }
  | { readonly kind: 'decode' | 'digest'; readonly task: DecodeTask }
  | { readonly kind: 'recode'; readonly task: RecodeTask }
  | { readonly kind: 'check'; readonly task: CheckTask }
)

/** What a thread gives back: each array has an ArrayBuffer of its own, which is transferred. */
export interface FilterResult {
  /** The chunk; of a digest whatever the buffer holds, where it is lent. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  readonly sha256?: Uint8Array<ArrayBuffer>
}

/** What a thread answers; an error is plain data. */
export type FilterAnswer = { readonly result: FilterResult } | PackedError

/** Entry point of a filter thread. Errors are part of the answer, since a thrown one would lose its fields on the way. */
export default function answer(request: FilterRequest): unknown {
  try {
    const result = work(request)
    return move({ [transferableSymbol]: buffersOf(result), [valueSymbol]: { result } satisfies FilterAnswer })
  } catch (thrown) {
    return packError(thrown) satisfies FilterAnswer
  }
}

function work(request: FilterRequest): FilterResult {
  const { bytes } = request
  switch (request.kind) {
    case 'encode':
      return encode(request, bytes, request.task)
    case 'recode':
      return encode(request, decodeChunk(bytes, request.task.from), request.task.to)
    case 'check':
      checkRun(bytes, request.task)
      return { bytes, ...(!request.task.skipsDigest && { sha256: digestAll(bytes, request.task) }) }
    case 'decode':
      return { bytes: placeDecoded(request, decodeChunk(bytes, request.task)) }
    case 'digest':
      return { sha256: digest(decodeChunk(bytes, request.task)), ...(request.isLent && { bytes }) }
    default:
      return assertNever(request)
  }
}

function encode(request: FilterRequest, raw: Uint8Array<ArrayBuffer>, task: FilterTask): FilterResult {
  // The digest first: where no filter changes anything, the bytes themselves go back.
  const sha256 = task.skipsDigest ? undefined : digest(raw)
  const encoded = encodeChunk(raw, task)
  // Without a filter that changes anything it is still what was decoded.
  const bytes = encoded === raw ? placeDecoded(request, raw) : placeResult(request, encoded)
  return { bytes, ...(sha256 && { sha256 }) }
}

/** What a codec decoded lies in memory of its own, which cannot be transferred. */
function placeDecoded(request: FilterRequest, decoded: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const placed = placeResult(request, decoded)
  return placed === decoded && placed.buffer !== request.bytes.buffer ? new Uint8Array(placed) : placed
}

/** Into the lent buffer, if it has the room. */
function placeResult(
  { bytes, isLent }: FilterRequest,
  result: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (!isLent || result.byteLength > bytes.buffer.byteLength) return ownWhole(result)
  if (result.buffer === bytes.buffer) return result
  const placed = new Uint8Array(bytes.buffer, 0, result.byteLength)
  placed.set(result)
  return placed
}

function digest(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

function digestAll(run: Uint8Array, { chunks }: CheckTask): Uint8Array<ArrayBuffer> {
  const digests = new Uint8Array(DIGEST_BYTES * chunks.length)
  for (const [index, { offset, storedBytes }] of chunks.entries()) {
    digests.set(digest(run.subarray(offset, offset + storedBytes)), DIGEST_BYTES * index)
  }
  return digests
}

/** Codecs hand out slices of larger buffers, or of Node's shared pool; those cannot be transferred. */
function ownWhole(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

function buffersOf(result: FilterResult): ArrayBuffer[] {
  return [result.bytes, result.sha256].flatMap((array) => (array ? [array.buffer] : []))
}
