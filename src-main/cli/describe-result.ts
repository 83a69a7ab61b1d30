import { formatBytes, formatCount } from '../job-process/format-quantity.ts'
import type { Finding } from '../read/finding.ts'
import type { JobResult } from './job-result.ts'

/**
 * The lines on standard output for what is on the disk now: one for an output; for a verified file one, and its findings. None if there is
 * nothing to be told beside the error.
 */
export function describeResult(result: JobResult): readonly string[] {
  if (result.findings !== undefined) return describeFindings(result, result.findings)
  const line = describeOutput(result)
  return line === undefined ? [] : [line]
}

function describeOutput(result: JobResult): string | undefined {
  const events = formatCount(result.events ?? 0, 'event')
  if (result.status === 'done' && result.dryRun !== undefined) {
    const { estimatedBytes, freeBytes } = result.dryRun
    const room = freeBytes === null ? 'free space unknown' : `${formatBytes(freeBytes)} free`
    return `${result.output}: would be written, ${events}, about ${formatBytes(estimatedBytes)} (${room})`
  }
  if (result.status === 'done') {
    const parts = [
      events + describeMoment(result),
      formatBytes(result.bytesWritten),
      describeVerification(result),
      ...describeCopied(result),
    ]
    return `${result.output}: ${parts.join(', ')}`
  }
  // An aborted recording is kept under its temporary name.
  const isKept = result.status === 'cancelled' && result.error?.actual !== undefined
  return isKept ? `${result.error.path}: ${events} kept, recording aborted` : undefined
}

/** Of an input that was being written: never as if all of it were there. */
function describeMoment({ warnings }: JobResult): string {
  const time = warnings.find(({ code }) => code === 'W_GROWING')?.time
  return time === undefined ? '' : ` (what was there at ${new Date(time).toTimeString().slice(0, 5)})`
}

function describeVerification({ verification }: JobResult): string {
  switch (verification) {
    case 'standard':
      return 'verified'
    case 'independent':
      return 'verified independently'
    case 'none':
    case null:
      return 'not verified'
  }
}

/** Nothing where every feature went through the filters anew. */
function describeCopied({ copied }: JobResult): readonly string[] {
  if (copied === undefined || copied.featuresAsStored === 0) return []
  return [`${copied.featuresAsStored} of ${formatCount(copied.features, 'feature')} copied as stored`]
}

function describeFindings(result: JobResult, findings: readonly Finding[]): readonly string[] {
  const { input, status, events } = result
  if (status === 'cancelled' || status === 'refused') return []
  const count = events === null ? '' : `, ${formatCount(events, 'event')}`
  const noted = findings.length === 0 ? '' : `, ${formatCount(findings.length, 'finding')}`
  const head = `${input}: ${status === 'done' ? 'good' : 'NOT good'}${count}${noted}`
  return [head, ...findings.map((finding) => describeFinding(finding))]
}

function describeFinding({ level, code, message, object }: Finding): string {
  const place = object === null || message.includes(object) ? '' : `${object}: `
  return `  ${level}: ${place}${message} (${code})`
}
