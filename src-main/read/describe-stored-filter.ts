import { FILTER } from '../hdf5/model.ts'
import type { FilterSpec } from '../hdf5/model.ts'
import type { FilterReport } from './inspect-dataset.ts'

/** Filters whose first parameter is a level. */
const LEVELLED: ReadonlySet<number> = new Set([FILTER.deflate, FILTER.zstd])

/**
 * A filter in words, as `zstd 5` or `shuffle`; of the parameters, those that say something to people: the level (that of zstd is signed),
 * and the bytes of an element of shuffle where they are not those of the type.
 */
export function describeStoredFilter({ id, name, values, elementBytes, isByFrame }: FilterReport): string {
  const [first] = values
  const order = isByFrame ? ' by frame' : ''
  if (elementBytes !== undefined) return `${name}${order} (${elementBytes}-byte elements)`
  return LEVELLED.has(id) && first !== undefined ? `${name} ${id === FILTER.zstd ? first | 0 : first}` : name
}

/** Bytes that shuffle takes for an element; undefined: those of the type, or it is another filter. */
export function findOddElementBytes({ id, values }: FilterSpec, typeBytes: number): number | undefined {
  const [bytes] = values
  return id === FILTER.shuffle && bytes !== undefined && bytes !== typeBytes ? bytes : undefined
}
