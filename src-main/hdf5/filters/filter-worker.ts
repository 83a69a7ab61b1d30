import { move, transferableSymbol, valueSymbol } from 'piscina'
import { assertNever } from '../../errors.ts'
import { packError, type PackedError } from '../thread-errors.ts'
import type {
  CheckTask,
  ChunkProof,
  CompareTask,
  DecodeTask,
  FilterTask,
  MeasureTask,
  RecodeTask,
} from './filter-pool.ts'
import { decodeChunk, measureWays } from './filter-steps.ts'
import { checkProven, encodeProven, findChanged } from './prove-chunk.ts'
import { releaseMemory } from './release-memory.ts'

/** What the pool asks of a thread. */
export type FilterRequest = {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The buffer is to come back with the result in it. */
  readonly isLent: boolean
} & (
  | { readonly kind: 'encode'; readonly task: FilterTask }
  | { readonly kind: 'decode'; readonly task: DecodeTask }
  | { readonly kind: 'recode'; readonly task: RecodeTask }
  | { readonly kind: 'check'; readonly task: CheckTask }
  | { readonly kind: 'measure'; readonly task: MeasureTask }
  | { readonly kind: 'compare'; readonly task: CompareTask }
)

/** What a thread gives back: each array has an ArrayBuffer of its own, which is transferred. */
export interface FilterResult {
  /** The chunk; where only something of it was to be told, whatever the buffer holds, if that is lent. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  /** Of encoded chunks one, of kept ones as many as there are; null: not asked for. */
  readonly proofs?: readonly ChunkProof[] | null
  readonly sizes?: readonly number[]
  /** Undefined also where no piece changed. */
  readonly changed?: number | undefined
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
      return { bytes, proofs: checkProven(bytes, request.task) }
    case 'decode':
      return { bytes: placeDecoded(request, decodeChunk(bytes, request.task)) }
    case 'measure':
      return { sizes: measureWays(bytes, request.task), ...(request.isLent && { bytes }) }
    case 'compare':
      return { changed: findChanged(bytes, request.task), ...(request.isLent && { bytes }) }
    default:
      return assertNever(request)
  }
}

function encode(request: FilterRequest, raw: Uint8Array<ArrayBuffer>, task: FilterTask): FilterResult {
  // It is proven before it is placed: the place may be where the raw chunk is.
  const { encoded, proof } = encodeProven(raw, task)
  // Without a filter that changes anything it is still what was decoded.
  const bytes = encoded === raw ? placeDecoded(request, raw) : placeResult(request, encoded)
  if (raw.buffer !== request.bytes.buffer && raw.buffer !== bytes.buffer) releaseMemory(raw)
  return { bytes, proofs: proof && [proof] }
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
  releaseMemory(result)
  return placed
}

/** Codecs hand out slices of larger buffers, or of Node's shared pool; those cannot be transferred. */
function ownWhole(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

function buffersOf({ bytes, proofs }: FilterResult): ArrayBuffer[] {
  const values = proofs?.map((proof) => proof.values) ?? []
  return [bytes, ...values].flatMap((array) => (array ? [array.buffer] : []))
}
