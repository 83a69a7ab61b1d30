import type { JobProgress } from '../../../src-preload/contract.ts'

/** From this share of its bound on the queue is shown as high. */
export const HIGH_SHARE = 0.75
/**
 * From this share on whoever reads waits: what is to be queued comes in pieces, most of them of 1 to 4 MiB, which a queue of 32 MiB
 * refuses before it is full to the last byte.
 */
export const FULL_SHARE = 0.85

export interface Fill {
  /** 0 to 1, also where one piece is larger than the queue. */
  readonly share: number
  readonly state: 'empty' | 'flowing' | 'high' | 'full'
}

/** How full the write queue is; null, or a job without a queue yet: empty. */
export function judgeFill(progress: JobProgress | null): Fill {
  if (progress === null || progress.queueLimitBytes === 0) return { share: 0, state: 'empty' }
  const share = Math.min(1, progress.queuedBytes / progress.queueLimitBytes)
  if (share >= FULL_SHARE) return { share, state: 'full' }
  if (share >= HIGH_SHARE) return { share, state: 'high' }
  return { share, state: progress.queuedBytes === 0 ? 'empty' : 'flowing' }
}
