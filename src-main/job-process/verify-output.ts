import { createHash } from 'node:crypto'

import { Hdf5Error, Internal, throwIfCancelled } from '../errors.ts'
import type { DiskPort, ReadableFile } from '../hdf5/disk/disk-port.ts'
import { chunkBuffers } from '../hdf5/filters/chunk-buffers.ts'
import type { DecodeTask, FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { WrittenBlock, WrittenChunk, WrittenDataset, WrittenFile } from '../hdf5/writing/written-file.ts'
import type { OutcomeFigures } from '../jobs/job-report.ts'
import type { VerificationLevel } from '../jobs/job-schema.ts'
import type { ExpectedFeatures } from './expected-features.ts'
import { judgeOutput } from './judge-output.ts'

export interface VerificationRequest {
  readonly path: string
  readonly written: WrittenFile
  readonly level: VerificationLevel
  /** What the job planned; left out: nothing of it is checked. */
  readonly expected?: ExpectedFeatures | undefined
  readonly disk: DiskPort
  readonly pool: FilterPool
  readonly signal: AbortSignal
  /** Told after each piece with the bytes of the file that were read back: in the end all of them. */
  onBytes(byteCount: number): void
}

/** Chunks whose SHA-256 was compared with that of what went in, and their bytes before the filters. */
export type ComparedFigures = Pick<OutcomeFigures, 'comparedChunks' | 'comparedBytes'>

/** Encoded chunks on their way through the pool at one time, in bytes. */
const IN_FLIGHT_BYTES = 16 * 2 ** 20
const BLOCK_SLICE_BYTES = 2 ** 20

/**
 * Proves that the file on disk is what went in. Every byte belongs to exactly one block or chunk; blocks are compared by the hash of
 * what was written, chunks are decoded and compared by the hash of what went in,
 * or, where they went in as another file had stored them, as they are. Then h5wasm judges the structure.
 * Returns what was compared chunk by chunk: nothing at the level `none`. Throws E_VERIFY, E_CHUNK or E_META with path, object and offset.
 */
export async function verifyOutput(request: VerificationRequest): Promise<ComparedFigures> {
  if (request.level === 'none') return { comparedChunks: 0, comparedBytes: 0 }
  // Beside each other: the judge mostly waits for its WebAssembly, and the hashes for the threads.
  const givingUp = new AbortController()
  const judging = judgeOutput({ ...request, signal: AbortSignal.any([request.signal, givingUp.signal]) })
  judging.catch(() => undefined)
  try {
    await verifyBytes(request)
  } catch (error) {
    givingUp.abort()
    await judging.catch(() => undefined)
    throw error
  }
  await judging
  const chunks = request.written.datasets.flatMap((dataset) => dataset.chunks)
  const comparedBytes = chunks.reduce((sum, chunk) => sum + chunk.rawBytes, 0)
  return { comparedChunks: chunks.length, comparedBytes }
}

async function verifyBytes(request: VerificationRequest): Promise<void> {
  const file = await request.disk.openForRead(request.path)
  try {
    checkTiling(request, await file.size())
    for (const block of request.written.blocks) await verifyBlock(file, block, request)
    await verifyChunks(file, request)
  } finally {
    await file.close()
  }
}

/** Blocks and chunks must cover the file without gap or overlap, or a flipped byte could hide between them. */
function checkTiling({ path, written }: VerificationRequest, actualBytes: number): void {
  if (actualBytes !== written.bytes) {
    throw new Hdf5Error(
      'E_VERIFY',
      `${path} has ${actualBytes} bytes on disk, ${written.bytes} were written`,
      {
        path,
        expected: written.bytes,
        actual: actualBytes,
      },
    )
  }
  const pieces = [
    ...written.blocks.map(({ offset, length }) => ({ offset, length })),
    ...written.datasets.flatMap(({ chunks }) =>
      chunks.map(({ address, storedBytes }) => ({ offset: address, length: storedBytes })),
    ),
  ].sort((a, b) => a.offset - b.offset || a.length - b.length)
  let end = 0
  for (const { offset, length } of pieces) {
    if (offset !== end) {
      throw new Hdf5Error('E_VERIFY', `${path}: bytes ${end} to ${offset} belong to no object`, {
        path,
        offset: end,
      })
    }
    end = offset + length
  }
  if (end !== written.bytes)
    throw new Hdf5Error('E_VERIFY', `${path}: bytes behind ${end} belong to no object`, { path, offset: end })
}

async function verifyBlock(
  file: ReadableFile,
  block: WrittenBlock,
  request: VerificationRequest,
): Promise<void> {
  const hash = createHash('sha256')
  const buffer = new Uint8Array(Math.min(block.length, BLOCK_SLICE_BYTES))
  for (let done = 0; done < block.length; done += buffer.length) {
    throwIfCancelled(request.signal)
    const slice = buffer.subarray(0, Math.min(buffer.length, block.length - done))
    await file.readExactly(slice, block.offset + done)
    hash.update(slice)
    request.onBytes(slice.length)
  }
  if (!hash.digest().equals(block.sha256)) {
    const message = `${file.path}: bytes ${block.offset} to ${block.offset + block.length} on disk are not what was written`
    throw new Hdf5Error('E_META', message, { path: file.path, offset: block.offset })
  }
}

/** In the order in which they lie in the file. */
async function verifyChunks(file: ReadableFile, request: VerificationRequest): Promise<void> {
  const checks = request.written.datasets
    .flatMap((dataset) => dataset.chunks.map((chunk): ChunkCheck => ({ dataset, chunk, request })))
    .sort((a, b) => a.chunk.address - b.chunk.address)
  const running = new Set<Promise<void>>()
  let bytes = 0
  let failure: { readonly error: unknown } | undefined
  for (const check of checks) {
    if (failure !== undefined || request.signal.aborted) break
    const byteCount = check.chunk.storedBytes + check.chunk.rawBytes
    const task = verifyChunk(file, check)
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => {
        running.delete(task)
        bytes -= byteCount
      })
    running.add(task)
    bytes += byteCount
    while (bytes > IN_FLIGHT_BYTES && running.size > 0) await Promise.race(running)
  }
  await Promise.all(running)
  if (failure !== undefined) throw failure.error
  throwIfCancelled(request.signal)
}

interface ChunkCheck {
  readonly dataset: WrittenDataset
  readonly chunk: WrittenChunk
  readonly request: VerificationRequest
}

async function verifyChunk(file: ReadableFile, { dataset, chunk, request }: ChunkCheck): Promise<void> {
  const { storage, datatype } = dataset.spec
  const details = { path: file.path, object: dataset.path, offset: chunk.address }
  const encoded = chunkBuffers.take(chunk.storedBytes)
  await file.readExactly(encoded, chunk.address)
  const task = {
    pipeline: storage.kind === 'chunked' ? storage.filters : [],
    elementBytes: datatype.size,
    filterMask: chunk.filterMask,
    rawBytes: chunk.rawBytes,
  }
  const digest = await digestChunk(encoded, { chunk, task, pool: request.pool }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Hdf5Error(
      'E_CHUNK',
      `${file.path}: the chunk of ${dataset.path} at byte ${chunk.address} cannot be read back: ${reason}`,
      { ...details, cause },
    )
  })
  if (chunk.sha256 === null)
    throw new Internal(`a chunk of ${dataset.path} was written without its SHA-256`, details)
  if (!Buffer.from(digest).equals(chunk.sha256)) {
    throw new Hdf5Error(
      'E_CHUNK',
      `${file.path}: the chunk of ${dataset.path} at byte ${chunk.address} does not hold what was written`,
      details,
    )
  }
  request.onBytes(chunk.storedBytes)
}

/** What went in was a chunk of values, or one that another file had stored. */
async function digestChunk(
  encoded: Uint8Array<ArrayBuffer>,
  {
    chunk,
    task,
    pool,
  }: { readonly chunk: WrittenChunk; readonly task: DecodeTask; readonly pool: FilterPool },
): Promise<Uint8Array> {
  if (chunk.digestOf === 'values') return pool.digest(encoded, task)
  const { filterMask, storedBytes } = chunk
  const run = { chunks: [{ offset: 0, storedBytes, filterMask, pipeline: task.pipeline }] }
  const { bytes, sha256 } = await pool.check(encoded, run)
  chunkBuffers.give(bytes)
  return sha256 ?? new Uint8Array()
}
