import type { JobPhase, QueueRow } from '../../../src-preload/contract.ts'
import { errors, warnings } from '../../texts/en/errors.ts'

export type ErrorData = Extract<QueueRow['life'], { readonly state: 'failed' }>['error']

type ErrorTextKey = keyof typeof errors
type WarningTextKey = keyof typeof warnings

/** In the output these mean that it is not what went in, whatever they mean in an input. */
const codesOfVerification: ReadonlySet<string> = new Set(['E_CHUNK', 'E_META', 'E_TRUNC', 'E_HOLE'])

/** Which of the texts explains the error of a job; `other` for a code that has none. */
export function pickErrorText({ code, path }: ErrorData, job: QueueRow['job']): ErrorTextKey {
  const isTemporary = path === `${job.output}~`
  if (code === 'E_EXISTS' && isTemporary && job.task === 'record') return 'recordingInTheWay'
  if ((isTemporary || path === job.output) && codesOfVerification.has(code)) return 'E_VERIFY'
  return Object.hasOwn(errors, code) ? (code as ErrorTextKey) : 'other'
}

/**
 * The step in which a job failed. A damaged piece of an event's data may only be noticed when everything is waited for, while metadata
 * are written: the copying of the events has failed all the same.
 */
export function findFailedPhase({ object, path }: ErrorData, { job, life, input }: QueueRow): JobPhase {
  const { phase = 'check' } = life.progress ?? {}
  const isOfEvents = object?.startsWith('/events/') === true && path === input?.path
  return phase === 'metadata' && isOfEvents && job.task === 'rewrite' ? 'copy' : phase
}

/** Which of the texts is the heading of warnings with this code. */
export function pickWarningText(code: string): WarningTextKey {
  return Object.hasOwn(warnings, code) ? (code as WarningTextKey) : 'other'
}
