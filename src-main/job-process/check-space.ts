import { OutputConflict, type Warning } from '../errors.ts'
import type { Compression } from '../jobs/job-schema.ts'
import { formatBytesApart } from './format-quantity.ts'
import type { OutputTarget } from './output-target.ts'

/** Events of one colour compress a thousandfold, noise hardly at all: below this share of the raw bytes no real output fits. */
const LEAST_SHARE = 0.1

export interface SpaceNeed {
  /** Raw bytes of everything that goes into the output. */
  readonly rawBytes: number
  /** A guess at the output's size. */
  readonly estimatedBytes: number
  readonly compression: Compression
}

/** Refuses what cannot fit (E_OUT_SPACE) and warns of what may not (W_SPACE); a guess alone refuses nothing. */
export function checkSpace(
  { path, nearestFolder }: OutputTarget,
  need: SpaceNeed,
  freeBytes: number,
): Warning[] {
  const leastBytes = Math.ceil(need.rawBytes * (need.compression.codec === 'none' ? 1 : LEAST_SHARE))
  if (freeBytes < leastBytes) {
    const [needed, free] = formatBytesApart(leastBytes, freeBytes)
    const figures = `at least ${needed} needed, ${free} free in ${nearestFolder}`
    throw new OutputConflict('E_OUT_SPACE', `${path}: ${figures}; make room or choose another folder`, {
      path,
      expected: leastBytes,
      actual: freeBytes,
    })
  }
  if (freeBytes >= need.estimatedBytes * 1.2) return []
  const [needed, free] = formatBytesApart(need.estimatedBytes, freeBytes)
  const figures = `about ${needed} needed, ${free} free in ${nearestFolder}`
  return [{ code: 'W_SPACE', message: `${path}: ${figures}; it may not be enough`, path }]
}
