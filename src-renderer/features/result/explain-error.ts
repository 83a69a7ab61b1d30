import type { QueueRow } from '../../../src-preload/contract.ts'
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

/** Which of the texts is the heading of warnings with this code. */
export function pickWarningText(code: string): WarningTextKey {
  return Object.hasOwn(warnings, code) ? (code as WarningTextKey) : 'other'
}
