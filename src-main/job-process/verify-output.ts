import { createHash } from 'node:crypto'

import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import type { DiskPort, ReadableFile } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { WrittenBlock, WrittenFile } from '../hdf5/writing/written-file.ts'
import type { OutcomeFigures } from '../jobs/job-report.ts'
import type { VerificationLevel } from '../jobs/job-schema.ts'
import { compareChunks } from './compare-chunks.ts'
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

/** Chunks of which the stored bytes were read back and found to be those that were proven, and their bytes before the filters. */
export type ComparedFigures = Pick<OutcomeFigures, 'comparedChunks' | 'comparedBytes'>

const BLOCK_SLICE_BYTES = 2 ** 20

/**
 * Proves that the file on disk is what went in. Every byte belongs to exactly one block or chunk; blocks are compared by the hash of
 * what was written, chunks by the checksum of the bytes that were proven to decode to what went in when they were encoded, or that were
 * taken over as another file had stored them. Beside that h5wasm judges the structure.
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
    await compareChunks(file, request)
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
