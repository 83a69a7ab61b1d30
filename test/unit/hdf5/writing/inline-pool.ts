import { createHash } from 'node:crypto'
import type { EncodedChunk, FilterPool, FilterTask } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { checkStored, decodeChunk, encodeChunk } from '../../../../src-main/hdf5/filters/filter-steps.ts'

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
    async check(encoded, task) {
      checkStored(encoded, task)
      return { bytes: encoded, sha256: task.skipsDigest ? null : digest(encoded) }
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
