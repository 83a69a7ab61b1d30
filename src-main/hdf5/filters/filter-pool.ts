import type { FilterPipeline } from '../model.ts'

/** What a chunk became. `bytes` owns its whole ArrayBuffer. */
export interface EncodedChunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** SHA-256 of the raw chunk that went in, 32 bytes. */
  readonly sha256: Uint8Array
}

export interface FilterTask {
  readonly pipeline: FilterPipeline
  /** Bytes of one element, for shuffle. */
  readonly elementBytes: number
}

export interface DecodeTask extends FilterTask {
  readonly filterMask: number
  /** Bytes of the decoded chunk; a decoder never makes more (E_BOMB), and anything else is E_CHUNK. */
  readonly rawBytes: number
}

/**
 * Codecs and checksums in worker threads. Buffers are transferred: whoever hands one in no longer has it.
 * An error of the codec is an Hdf5Error (E_CHUNK) without path; callers add file and object.
 */
export interface FilterPool {
  readonly threads: number
  /** Chunks handed in and not yet given back. */
  readonly pending: number
  encode(raw: Uint8Array<ArrayBuffer>, task: FilterTask): Promise<EncodedChunk>
  decode(encoded: Uint8Array<ArrayBuffer>, task: DecodeTask): Promise<Uint8Array<ArrayBuffer>>
  /** SHA-256 of the decoded chunk, without bringing the chunk back. */
  digest(encoded: Uint8Array<ArrayBuffer>, task: DecodeTask): Promise<Uint8Array>
  close(): Promise<void>
}
