import type { JobProgress } from '../job-process/job-context.ts'
import { formatBytes } from './format-quantity.ts'

/** A running job in a line, as `copy  45 %  12000 of 27000 events  queue 12 (3.4 MB of 64 MB)  written 38 MB  12 s`. */
export function describeProgress(progress: JobProgress): string {
  const { phase, writeQueueSize, queuedBytes, queueLimitBytes, bytesRead, bytesWritten, seconds } = progress
  const queue =
    queueLimitBytes === 0
      ? ''
      : `  queue ${writeQueueSize} (${formatBytes(queuedBytes)} of ${formatBytes(queueLimitBytes)})`
  const bytes = bytesWritten === 0 ? `read ${formatBytes(bytesRead)}` : `written ${formatBytes(bytesWritten)}`
  return `${phase}${describeAmount(progress)}${queue}  ${bytes}  ${Math.floor(seconds)} s`
}

function describeAmount({ writtenEvents, totalEvents, writtenFrames, totalFrames }: JobProgress): string {
  if (totalFrames > 0)
    return `${formatShare(writtenFrames, totalFrames)}  ${writtenFrames} of ${totalFrames} frames`
  if (totalEvents > 0)
    return `${formatShare(writtenEvents, totalEvents)}  ${writtenEvents} of ${totalEvents} events`
  return ''
}

function formatShare(part: number, whole: number): string {
  return `  ${Math.floor((100 * Math.min(part, whole)) / whole)} %`
}
