import { createHash } from 'node:crypto'
import type { EncodedChunk, FilterPool, FilterTask } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { checkRun, decodeChunk, encodeChunk } from '../../../../src-main/hdf5/filters/filter-steps.ts'

/** The filters without threads; every promise still takes its turns. */
export function createInlinePool(changes: Partial<FilterPool> = {}): FilterPool {
  const digest = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
  const encode = (raw: Uint8Array<ArrayBuffer>, task: FilterTask): EncodedChunk => {
    return { bytes: new Uint8Array(encodeChunk(raw, task)), sha256: task.skipsDigest ? null : digest(raw) }
  }
  return {
    threads: 1,
    pending: 0,
    async encode(raw, task) {
      return encode(raw, task)
    },
    async recode(encoded, { from, to }) {
      return encode(decodeChunk(encoded, from), to)
    },
    async check(run, task) {
      checkRun(run, task)
      const digests = task.chunks.map(({ offset, storedBytes }) =>
        digest(run.subarray(offset, offset + storedBytes)),
      )
      return { bytes: run, sha256: task.skipsDigest ? null : new Uint8Array(Buffer.concat(digests)) }
    },
    async decode(encoded, task) {
      return decodeChunk(encoded, task)
    },
    async digest(encoded, task) {
      return digest(decodeChunk(encoded, task))
    },
    close: () => Promise.resolve(),
    ...changes,
  }
}
