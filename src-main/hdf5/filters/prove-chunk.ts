import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Hdf5Error, toWeirError } from '../../errors.ts'
import type { CheckTask, ChunkProof, CompareTask, FilterTask, ProofWish } from './filter-pool.ts'
import { checkRun, decodeChunk, encodeChunk } from './filter-steps.ts'
import { releaseMemory } from './release-memory.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * As `encodeChunk`. Where a proof is wanted, the result is decoded at once, as any reader would, and compared with what went in: throws
 * Hdf5Error (E_VERIFY) if that differs. What then lies on the disk needs to be compared with the checksum only.
 */
export function encodeProven(
  raw: Bytes,
  task: FilterTask,
): { readonly encoded: Bytes; readonly proof: ChunkProof | null } {
  const { proof: wish } = task
  if (wish === undefined) return { encoded: encodeChunk(raw, task), proof: null }
  // The values first: where no filter changes anything, the bytes themselves are what is stored, and may be moved.
  const values = tellValues(raw, wish)
  const encoded = encodeChunk(raw, task)
  requireSame(raw, encoded, task)
  return { encoded, proof: { checksum: crc32(encoded), ...values } }
}

/** As `checkRun`; one proof for each chunk where they are wanted. */
export function checkProven(run: Bytes, task: CheckTask): readonly ChunkProof[] | null {
  checkRun(run, task)
  const { chunks, proof } = task
  if (proof === undefined) return null
  return chunks.map(({ offset, storedBytes }) => {
    const stored = run.subarray(offset, offset + storedBytes)
    return { checksum: crc32(stored), ...(proof.isHashed && { sha256: hash(stored) }) }
  })
}

/** The number of the first piece that has another checksum. */
export function findChanged(pieces: Bytes, { lengths, checksums }: CompareTask): number | undefined {
  let end = 0
  const changed = lengths.findIndex((length, index) => {
    const start = end
    end += length
    return crc32(pieces.subarray(start, end)) !== checksums[index]
  })
  return changed < 0 ? undefined : changed
}

function tellValues(raw: Bytes, { hashedBytes, returnedBytes }: ProofWish): Omit<ChunkProof, 'checksum'> {
  return {
    ...(hashedBytes !== undefined && { sha256: hash(raw.subarray(0, hashedBytes)) }),
    ...(returnedBytes !== undefined && { values: new Uint8Array(raw.subarray(0, returnedBytes)) }),
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function requireSame(raw: Bytes, encoded: Bytes, { pipeline, elementBytes }: FilterTask): void {
  // Nothing was changed, so there is nothing to decode.
  if (encoded === raw) return
  const decoded = decodeBack(encoded, { pipeline, elementBytes, filterMask: 0, rawBytes: raw.byteLength })
  if (Buffer.compare(decoded, raw) !== 0)
    throw describeWrong(
      `byte ${decoded.findIndex((byte, index) => byte !== raw[index])} of its values differs`,
    )
  if (decoded.buffer !== encoded.buffer) releaseMemory(decoded)
}

function decodeBack(encoded: Bytes, task: Parameters<typeof decodeChunk>[1]): Bytes {
  try {
    return decodeChunk(encoded, task)
  } catch (thrown) {
    throw describeWrong(toWeirError(thrown).message)
  }
}

function describeWrong(reason: string): Hdf5Error {
  const text = `what was encoded does not decode to what went in (${reason}): the memory of this machine or the codec of this program is at fault`
  return new Hdf5Error('E_VERIFY', text)
}
