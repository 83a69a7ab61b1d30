import type { JobProgress, QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'

/** The part of a job that writing takes where the output is read back afterwards; measured on real measurements, it need not be exact. */
const WRITING_PART = 0.7

/** Below this much nothing is foretold. */
const MIN_SECONDS = 2
const MIN_SHARE = 0.01

/** How much of the whole job is done, 0 to 1; null where that cannot be said. */
export function computeJobShare({ job, life }: QueueRow, progress: JobProgress | undefined): number | null {
  if (life.state === 'done') return 1
  if (progress === undefined) return life.state === 'starting' ? null : 0
  const writing = job.task !== 'basins' && job.verify === 'none' ? 1 : WRITING_PART
  switch (progress.phase) {
    case 'check':
      return 0
    case 'copy':
      return scale(progress.writtenEvents, progress.totalEvents, writing)
    case 'record':
      return scale(progress.writtenFrames, progress.totalFrames, writing)
    case 'metadata':
      return writing
    case 'verify':
      return writing + (scale(progress.verifiedBytes, progress.bytesWritten, 1 - writing) ?? 0)
    case 'commit':
      return 1
    default:
      return assertNever(progress.phase)
  }
}

/** Seconds until the job is done, at the pace so far; null where nothing can be foretold. */
export function estimateRemainingSeconds(share: number | null, seconds: number): number | null {
  if (share === null || seconds < MIN_SECONDS || share < MIN_SHARE) return null
  return (seconds * (1 - share)) / share
}

/** An estimate in steps that it does not leave with every message: 1 s below 10 s, 5 s below a minute, 15 s and 1 min above. */
export function roundRemaining(seconds: number): number {
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 15 : 60
  return Math.max(1, Math.ceil(seconds / step) * step)
}

function scale(part: number, total: number, of: number): number | null {
  return total === 0 ? null : Math.min(1, part / total) * of
}
