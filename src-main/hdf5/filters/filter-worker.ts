import { createHash } from 'node:crypto'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { assertNever } from '../../errors.ts'
import { packError, type PackedError } from '../thread-errors.ts'
import type { DecodeTask, FilterTask } from './filter-pool.ts'
import { decodeChunk, encodeChunk } from './filter-steps.ts'

/** What the pool asks of a thread. */
export type FilterRequest =
  | { readonly kind: 'encode'; readonly bytes: Uint8Array<ArrayBuffer>; readonly task: FilterTask }
  | { readonly kind: 'decode' | 'digest'; readonly bytes: Uint8Array<ArrayBuffer>; readonly task: DecodeTask }

/** What a thread gives back: each array has an ArrayBuffer of its own, which is transferred. */
export interface FilterResult {
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
  switch (request.kind) {
    case 'encode': {
      // The digest first: where no filter changes anything, the bytes themselves go back.
      const sha256 = digest(request.bytes)
      return { bytes: ownWhole(encodeChunk(request.bytes, request.task)), sha256 }
    }
    case 'decode':
      return { bytes: ownWhole(decodeChunk(request.bytes, request.task)) }
    case 'digest':
      return { sha256: digest(decodeChunk(request.bytes, request.task)) }
    default:
      return assertNever(request)
  }
}

function digest(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** Codecs hand out slices of larger buffers, or of Node's shared pool; those cannot be transferred. */
function ownWhole(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}

function buffersOf(result: FilterResult): ArrayBuffer[] {
  return [result.bytes, result.sha256].flatMap((array) => (array ? [array.buffer] : []))
}
