import { assertNever, type ErrorData, type Warning } from '../errors.ts'
import type { MessageFromProcess } from './job-messages.ts'
import type { CheckedFigures, OutcomeFigures, JobPhase, JobProgress } from './job-report.ts'

/** More are counted, not kept: a damaged file may have one for every object. */
const MAX_KEPT_WARNINGS = 1000

/** What became known of a job so far. */
export interface ToldByJob {
  readonly checked: CheckedFigures | null
  readonly progress: JobProgress | null
  /** The first 1000. */
  readonly warnings: readonly Warning[]
  /** All of them. */
  readonly warningCount: number
}

/** A job that a process works on. */
export type ActiveLife = ToldByJob &
  (
    | { readonly state: 'starting'; readonly isStopping: boolean }
    | { readonly state: 'running'; readonly phase: JobPhase; readonly isStopping: boolean }
    | { readonly state: 'cancelling' }
  )

/** The end of a job: there is exactly one, and nothing comes after it. */
export type EndedLife = ToldByJob &
  (
    | { readonly state: 'done'; readonly figures: OutcomeFigures }
    /** `lastWords`: the end of what a process that is gone wrote to its error output. */
    | { readonly state: 'failed'; readonly error: ErrorData; readonly lastWords: string | null }
    | { readonly state: 'cancelled'; readonly error: ErrorData }
  )

export type JobLife = (ToldByJob & { readonly state: 'waiting' }) | ActiveLife | EndedLife

/** How a process went. The code proves nothing: it may be 0 after a crash. */
export interface ProcessExit {
  readonly code: number | null
  /** As the runtime names it: `crashed`, `oom`, `killed`; null if it said nothing. */
  readonly reason: string | null
  readonly lastWords: string
}

export type JobEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'message'; readonly message: MessageFromProcess }
  /** The process could not be started, or said what is no message. */
  | { readonly kind: 'broken'; readonly error: ErrorData }
  /** `path`: the output of the job. */
  | { readonly kind: 'exited'; readonly exit: ProcessExit; readonly path: string }

export const WAITING: JobLife = {
  state: 'waiting',
  checked: null,
  progress: null,
  warnings: [],
  warningCount: 0,
}

/** The life after the event. Pure; events that mean nothing in a state leave it as it is, and so does everything after the end. */
export function advance(life: JobLife, event: JobEvent): JobLife {
  if (hasEnded(life)) return life
  if (life.state === 'waiting') return advanceWaiting(life, event)
  switch (event.kind) {
    case 'start':
      return life
    case 'stop':
      return life.state === 'cancelling' ? life : { ...life, isStopping: true }
    case 'cancel':
      return { ...toldBy(life), state: 'cancelling' }
    case 'message':
      return hear(life, event.message)
    case 'broken':
      return { ...toldBy(life), state: 'failed', error: event.error, lastWords: null }
    case 'exited':
      return fallSilent(life, event)
    default:
      return assertNever(event)
  }
}

/** Is nothing to come any more? */
export function hasEnded(life: JobLife): life is EndedLife {
  return life.state === 'done' || life.state === 'failed' || life.state === 'cancelled'
}

/** Does a process work on it? */
export function isActive(life: JobLife): life is ActiveLife {
  return life.state !== 'waiting' && !hasEnded(life)
}

/** Did its process, or Weir itself, go away in the middle? Such a job is offered again. */
export function isInterrupted(life: JobLife): boolean {
  return life.state === 'failed' && life.error.code === 'E_GONE'
}

function advanceWaiting(life: JobLife, event: JobEvent): JobLife {
  switch (event.kind) {
    case 'start':
      return { ...toldBy(life), state: 'starting', isStopping: false }
    case 'cancel':
      return { ...toldBy(life), state: 'cancelled', error: CANCELLED_BEFORE_START }
    case 'stop':
    case 'message':
    case 'broken':
    case 'exited':
      return life
    default:
      return assertNever(event)
  }
}

const CANCELLED_BEFORE_START: ErrorData = {
  code: 'E_CANCELLED',
  message: 'cancelled before it started',
  path: null,
}

function hear(life: ActiveLife, message: MessageFromProcess): JobLife {
  const told = toldBy(life)
  switch (message.kind) {
    case 'checked':
      return goOn(life, { ...told, checked: message.figures })
    case 'progress':
      return goOn(life, { ...told, progress: message.progress })
    case 'warning':
      return goOn(life, noteWarning(told, message.warning))
    case 'done':
      // Also after a cancel that came too late: the output is there, whole and under its name.
      return { ...told, state: 'done', figures: message.figures }
    case 'failed':
      return { ...told, state: 'failed', error: message.error, lastWords: null }
    case 'cancelled':
      return { ...told, state: 'cancelled', error: message.error }
    default:
      return assertNever(message)
  }
}

function goOn(life: ActiveLife, told: ToldByJob): ActiveLife {
  if (life.state === 'cancelling') return { ...told, state: 'cancelling' }
  const phase = told.progress?.phase ?? 'check'
  return { ...told, state: 'running', phase, isStopping: life.isStopping }
}

function noteWarning(told: ToldByJob, warning: Warning): ToldByJob {
  const isKept = told.warnings.length < MAX_KEPT_WARNINGS
  const warnings = isKept ? [...told.warnings, warning] : told.warnings
  return { ...told, warnings, warningCount: told.warningCount + 1 }
}

function fallSilent(life: ActiveLife, { exit, path }: JobEvent & { readonly kind: 'exited' }): JobLife {
  const circumstance = life.state === 'cancelling' ? 'while it was being cancelled' : 'before it was done'
  const how = [exit.reason, exit.code === null ? null : `exit code ${exit.code}`].filter(
    (part) => part !== null,
  )
  const message =
    `interrupted: the process that worked on ${path} ended ${circumstance}` +
    `${how.length > 0 ? ` (${how.join(', ')})` : ''}; start the job again`
  const error: ErrorData = { code: 'E_GONE', message, path }
  return { ...toldBy(life), state: 'failed', error, lastWords: exit.lastWords === '' ? null : exit.lastWords }
}

function toldBy({ checked, progress, warnings, warningCount }: ToldByJob): ToldByJob {
  return { checked, progress, warnings, warningCount }
}
