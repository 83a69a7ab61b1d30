import type { JobProgress } from '../job-process/job-context.ts'
import { formatBytes } from '../job-process/format-quantity.ts'

/** A running job, short enough for a line of a terminal: `copy 45 %  queue 12 (3.4 MB)  12000/27000 events  38 MB written  12 s`. */
export function describeProgress(progress: JobProgress): string {
  const { bytesRead, bytesWritten, seconds } = progress
  const bytes = bytesWritten === 0 ? `${formatBytes(bytesRead)} read` : `${formatBytes(bytesWritten)} written`
  const parts = [describePhase(progress), describeQueue(progress), describeCount(progress), bytes]
  return [...parts.filter((part) => part !== ''), `${Math.floor(seconds)} s`].join('  ')
}

/** The share of all that is to be written; what comes after that has no measure. */
function describePhase({
  phase,
  writtenEvents,
  totalEvents,
  writtenFrames,
  totalFrames,
}: JobProgress): string {
  const [part, whole] = totalFrames > 0 ? [writtenFrames, totalFrames] : [writtenEvents, totalEvents]
  const isWriting = phase === 'copy' || phase === 'record'
  return isWriting && whole > 0 ? `${phase} ${Math.floor((100 * Math.min(part, whole)) / whole)} %` : phase
}

function describeQueue({ phase, writeQueueSize, queuedBytes }: JobProgress): string {
  const isFed = phase === 'copy' || phase === 'record'
  return isFed ? `queue ${writeQueueSize} (${formatBytes(queuedBytes)})` : ''
}

function describeCount({ writtenEvents, totalEvents, writtenFrames, totalFrames }: JobProgress): string {
  if (totalFrames > 0) return `${writtenFrames}/${totalFrames} frames`
  return totalEvents > 0 ? `${writtenEvents}/${totalEvents} events` : ''
}
