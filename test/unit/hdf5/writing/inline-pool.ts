import { createHash } from 'node:crypto'
import type { FilterPool } from '../../../../src-main/hdf5/filters/filter-pool.ts'
import { decodeChunk, encodeChunk } from '../../../../src-main/hdf5/filters/filter-steps.ts'

/** The filters without threads; every promise still takes its turns. */
export function createInlinePool(changes: Partial<FilterPool> = {}): FilterPool {
  const digest = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
  return {
    threads: 1,
    pending: 0,
    async encode(raw, task) {
      return { bytes: new Uint8Array(encodeChunk(raw, task)), sha256: digest(raw) }
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
