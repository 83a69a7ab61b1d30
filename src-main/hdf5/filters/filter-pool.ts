import type { FilterPipeline } from '../model.ts'
import type { ZstdParameters } from './zstd-codec.ts'

/** What a chunk became. `bytes` has an ArrayBuffer of its own; where `chunkBuffers` lent one for the chunk, it is that one. */
export interface EncodedChunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Null where it was not asked for. */
  readonly proof: ChunkProof | null
}

/** Chunks as they are stored, of which the checksums, where they have one, fit. */
export interface CheckedRun {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** One for each chunk, the SHA-256 being that of its stored bytes; null where they were not asked for. */
  readonly proofs: readonly ChunkProof[] | null
}

/** What is known of a chunk that will be compared with what lies on the disk. */
export interface ChunkProof {
  /** CRC-32 of the stored bytes: no flipped bit, and no burst of 32 of them, leaves it as it is. */
  readonly checksum: number
  /** In hexadecimal; undefined where it was not wished for. */
  readonly sha256?: string | undefined
  readonly values?: Uint8Array<ArrayBuffer> | undefined
}

/** What is to be told of the values of a chunk beside the proof. */
export interface ProofWish {
  /** SHA-256 of so many bytes of them, counted from the first. */
  readonly hashedBytes?: number | undefined
  /** So many bytes themselves. */
  readonly returnedBytes?: number | undefined
}

export interface FilterTask {
  readonly pipeline: FilterPipeline
  /** Bytes of one element, for shuffle. */
  readonly elementBytes: number
  /** What zstd is asked for where a chunk is encoded; left out: the level that the pipeline stores. */
  readonly encoder?: ZstdParameters | undefined
  /** Decode what was encoded at once and compare it with what went in; left out: nobody will compare the chunk later either. */
  readonly proof?: ProofWish | undefined
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

/** Chunks in one buffer, to be encoded in several ways for the sake of their sizes. */
export interface MeasureTask {
  /** Bytes of a chunk; the last one may be shorter. */
  readonly chunkBytes: number
  readonly ways: readonly FilterTask[]
}

/** Stored chunks in one buffer. */
export interface CheckTask {
  readonly chunks: readonly ChunkInRun[]
  /** Left out: no proofs are wanted. */
  readonly proof?: { readonly isHashed: boolean } | undefined
}

export interface ChunkInRun extends Pick<DecodeTask, 'pipeline' | 'filterMask'> {
  readonly offset: number
  readonly storedBytes: number
  /** Left out: only the checksum is looked at. */
  readonly content?: Pick<DecodeTask, 'elementBytes' | 'rawBytes'> | undefined
}

/** Pieces of a file that lie in one buffer, one behind the other. */
export interface CompareTask {
  readonly lengths: readonly number[]
  /** Their CRC-32. */
  readonly checksums: readonly number[]
}

/**
 * Codecs and checksums in worker threads. Buffers are transferred: whoever hands one in no longer has it.
 * An error of the codec is an Hdf5Error (E_CHUNK) without path; callers add file and object.
 */
export interface FilterPool {
  readonly threads: number
  /** Chunks handed in and not yet given back. */
  readonly pending: number
  /** With a proof it throws E_VERIFY where the chunk does not decode to what went in. */
  encode(raw: Uint8Array<ArrayBuffer>, task: FilterTask): Promise<EncodedChunk>
  decode(encoded: Uint8Array<ArrayBuffer>, task: DecodeTask): Promise<Uint8Array<ArrayBuffer>>
  /** Decodes a chunk and encodes it anew in one thread, as `encode`: the raw chunk goes nowhere, unless it is wished for. */
  recode(encoded: Uint8Array<ArrayBuffer>, task: RecodeTask): Promise<EncodedChunk>
  /**
   * Compares each chunk of a run with the checksum that it brings, if any, and gives the run back as it is. Where the content is told and
   * nothing else speaks for it, the chunk is decoded to see whether it is that. The error of a chunk has its offset in the run.
   */
  check(run: Uint8Array<ArrayBuffer>, task: CheckTask): Promise<CheckedRun>
  /** The bytes that all chunks take when they are stored in each of the ways. */
  measure(raw: Uint8Array<ArrayBuffer>, task: MeasureTask): Promise<readonly number[]>
  /** The number of the first piece that has another checksum; undefined: all have theirs. */
  compare(pieces: Uint8Array<ArrayBuffer>, task: CompareTask): Promise<number | undefined>
  close(): Promise<void>
}
