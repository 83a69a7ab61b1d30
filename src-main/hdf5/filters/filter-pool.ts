import type { FilterPipeline } from '../model.ts'

/** What a chunk became. `bytes` has an ArrayBuffer of its own; where `chunkBuffers` lent one for the chunk, it is that one. */
export interface EncodedChunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** SHA-256 of the raw chunk that went in, 32 bytes; null where it was not asked for. */
  readonly sha256: Uint8Array | null
}

/** Chunks as they are stored, of which the checksums, where they have one, fit. */
export interface CheckedRun {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** For each chunk 32 bytes, one after the other: the SHA-256 of the stored bytes; null where it was not asked for. */
  readonly sha256: Uint8Array | null
}

export interface FilterTask {
  readonly pipeline: FilterPipeline
  /** Bytes of one element, for shuffle. */
  readonly elementBytes: number
  /** Nobody will compare the chunk later, so its SHA-256 need not be made. */
  readonly skipsDigest?: boolean | undefined
}

export interface DecodeTask extends FilterTask {
  readonly filterMask: number
  /** Bytes of the decoded chunk; a decoder never makes more (E_BOMB), and anything else is E_CHUNK. */
  readonly rawBytes: number
}

export interface RecodeTask {
  readonly from: DecodeTask
  readonly to: FilterTask
}

/** Stored chunks in one buffer. */
export interface CheckTask {
  readonly chunks: readonly ChunkInRun[]
  readonly skipsDigest?: boolean | undefined
}

export interface ChunkInRun extends Pick<DecodeTask, 'pipeline' | 'filterMask'> {
  readonly offset: number
  readonly storedBytes: number
  /** Left out: only the checksum is looked at. */
  readonly content?: Pick<DecodeTask, 'elementBytes' | 'rawBytes'> | undefined
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
  /** Decodes a chunk and encodes it anew in one thread: the raw chunk goes nowhere. The SHA-256 is that of the raw chunk. */
  recode(encoded: Uint8Array<ArrayBuffer>, task: RecodeTask): Promise<EncodedChunk>
  /**
   * Compares each chunk of a run with the checksum that it brings, if any, and gives the run back as it is. Where the content is told and
   * nothing else speaks for it, the chunk is decoded to see whether it is that. The error of a chunk has its offset in the run.
   */
  check(run: Uint8Array<ArrayBuffer>, task: CheckTask): Promise<CheckedRun>
  /** SHA-256 of the decoded chunk, without bringing the chunk back. */
  digest(encoded: Uint8Array<ArrayBuffer>, task: DecodeTask): Promise<Uint8Array>
  close(): Promise<void>
}
