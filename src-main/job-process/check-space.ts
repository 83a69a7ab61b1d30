import { OutputConflict, type Warning } from '../errors.ts'
import type { Compression } from '../jobs/job-schema.ts'
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
  const leastBytes = need.rawBytes * (need.compression.codec === 'none' ? 1 : LEAST_SHARE)
  if (freeBytes < leastBytes) {
    const figures = `at least ${toMegabytes(leastBytes)} are needed, ${toMegabytes(freeBytes)} are free in ${nearestFolder}`
    throw new OutputConflict('E_OUT_SPACE', `${path}: ${figures}; make room or choose another folder`, {
      path,
      expected: Math.ceil(leastBytes),
      actual: freeBytes,
    })
  }
  if (freeBytes >= need.estimatedBytes * 1.2) return []
  const figures = `about ${toMegabytes(need.estimatedBytes)} are needed, ${toMegabytes(freeBytes)} are free in ${nearestFolder}`
  return [{ code: 'W_SPACE', message: `${path}: ${figures}; it may not be enough`, path }]
}

function toMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
