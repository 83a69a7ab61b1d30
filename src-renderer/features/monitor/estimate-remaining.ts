import { assertNever } from '../../assert-never.ts'
import type { JobProgress } from '../../../src-preload/contract.ts'

/** Below this nothing is foretold. */
const MIN_SECONDS = 2
const MIN_SHARE = 0.01

/**
 * Seconds until the end of the phase that runs, not of the job: how fast the output will be read back is not known before.
 * Null where nothing can be said. `phaseStart`: seconds of the job at which the phase began.
 */
export function estimateRemainingSeconds(progress: JobProgress, phaseStart: number): number | null {
  const elapsed = progress.seconds - phaseStart
  const share = computePhaseShare(progress)
  if (share === null || elapsed < MIN_SECONDS || share < MIN_SHARE) return null
  return (elapsed * (1 - share)) / share
}

/** How much of the phase is done, 0 to 1; null where it has no measure. */
export function computePhaseShare(progress: JobProgress): number | null {
  switch (progress.phase) {
    case 'copy':
      return divide(progress.writtenEvents, progress.totalEvents)
    case 'record':
      return divide(progress.writtenFrames, progress.totalFrames)
    case 'verify':
      return divide(progress.verifiedBytes, progress.bytesWritten)
    case 'check':
    case 'metadata':
    case 'commit':
      return null
    default:
      return assertNever(progress.phase)
  }
}

function divide(part: number, total: number): number | null {
  return total === 0 ? null : Math.min(1, part / total)
}
