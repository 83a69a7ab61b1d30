import { dirname } from 'node:path'

import { assertNever, Cancelled, Internal, toErrorData, toWeirError, type WeirError } from '../errors.ts'
import type { CheckedJob, JobContext } from '../job-process/job-context.ts'
import type { Job } from '../jobs/job-schema.ts'
import { askQuietly } from './ask-quietly.ts'
import type { JobReporter } from './job-reporter.ts'
import { makeEmptyResult, nameFile, type JobResult, type JobStatus } from './job-result.ts'
import { JobWatch } from './job-watch.ts'
import { pathsOf, type PlannedJob } from './planned-job.ts'
import { findOverwritten } from './refuse-collisions.ts'
import type { Surroundings } from './surroundings.ts'
import { warnAboutSpace } from './warn-about-space.ts'

export interface RunOptions {
  readonly surroundings: Surroundings
  readonly reporter: JobReporter
  /** Check everything, write nothing. */
  readonly isDryRun: boolean
}

/**
 * Checks all jobs, then runs the good ones one after another; reports exactly one result for each, in order, and gives them back.
 * Never throws for what a job does.
 */
export async function runJobs(
  planned: readonly PlannedJob[],
  options: RunOptions,
): Promise<readonly JobResult[]> {
  const checked: Ticket[] = []
  for (const [index, entry] of planned.entries()) {
    const ticket = makeTicket(index + 1, { entry, isAlone: planned.length === 1 }, options)
    checked.push({ ...ticket, state: await checkEntry(entry, ticket, options) })
  }
  const tickets = await refuseOverwriting(checked, options)
  await tellAboutSpace(tickets, options)
  const results: JobResult[] = []
  for (const ticket of tickets) {
    const result = await endTicket(ticket, options)
    options.reporter.reportResult(result)
    results.push(result)
  }
  return results
}

/** What is needed to run one job and to report it. */
interface Ticket {
  readonly number: number
  readonly entry: PlannedJob
  readonly watch: JobWatch
  /** Raised: this job is not begun any more. */
  readonly cancelSignal: AbortSignal
  readonly context: JobContext & { readonly stopSignal: AbortSignal }
  readonly state: TicketState
}

type TicketState =
  | { readonly kind: 'ready'; readonly checked: CheckedJob }
  | { readonly kind: 'ended'; readonly status: JobStatus; readonly error: WeirError }

interface Place {
  readonly entry: PlannedJob
  readonly isAlone: boolean
}

function makeTicket(number: number, { entry, isAlone }: Place, options: RunOptions): Omit<Ticket, 'state'> {
  const { signals, disk } = options.surroundings
  const watch = new JobWatch(number, options.reporter)
  const isRecording = entry.kind === 'job' && entry.job.task === 'record'
  return {
    number,
    entry,
    watch,
    // The first signal ends a recording in good order, also one that has hardly begun; of several jobs it ends the whole list.
    cancelSignal: isRecording && isAlone ? signals.second : signals.first,
    context: {
      disk,
      signal: isRecording ? signals.second : signals.first,
      stopSignal: signals.first,
      reportProgress: (progress) => watch.noteProgress(progress),
      reportWarning: (warning) => watch.noteWarnings([warning]),
    },
  }
}

async function checkEntry(
  entry: PlannedJob,
  ticket: Omit<Ticket, 'state'>,
  { surroundings, reporter }: RunOptions,
): Promise<TicketState> {
  if (ticket.cancelSignal.aborted) return { kind: 'ended', status: 'cancelled', error: new Cancelled() }
  try {
    if (entry.kind === 'refused') throw entry.error
    const checked = await checkJob(entry.job, ticket, surroundings)
    ticket.watch.noteWarnings(checked.warnings)
    return { kind: 'ready', checked }
  } catch (thrown) {
    const error = toJobError(thrown, ticket)
    const status = chooseCheckStatus(error)
    if (status !== 'cancelled')
      reporter.reportRefusal(ticket.number, nameFile(toErrorData(error), pathsOf(entry)))
    return { kind: 'ended', status, error }
  }
}

function checkJob(
  job: Job,
  { context }: Omit<Ticket, 'state'>,
  { tasks }: Surroundings,
): Promise<CheckedJob> {
  switch (job.task) {
    case 'rewrite':
      return tasks.checkRewrite(job, context)
    case 'record':
      return tasks.checkRecord(job, context)
    case 'basins':
      return tasks.checkBasinsJob(job, context)
    default:
      return assertNever(job)
  }
}

/** What a job reads is fully known only now, as where its basins lie: if another one would write over it, none of them runs. */
async function refuseOverwriting(
  tickets: readonly Ticket[],
  { surroundings, reporter }: RunOptions,
): Promise<readonly Ticket[]> {
  const ready = tickets.flatMap(({ number: owner, state }) =>
    state.kind === 'ready' ? [{ owner, ...state.checked }] : [],
  )
  const reads = ready.flatMap(({ owner, reads: paths }) => paths.map((path) => ({ owner, path })))
  const error = await findOverwritten(ready, reads, surroundings.disk)
  if (error === undefined) return tickets
  return tickets.map((ticket) => {
    if (ticket.state.kind !== 'ready') return ticket
    reporter.reportRefusal(ticket.number, nameFile(toErrorData(error), pathsOf(ticket.entry)))
    return { ...ticket, state: { kind: 'ended', status: 'refused', error } }
  })
}

/** Nothing is written yet, so what stops a job here refuses it; except a mistake of our own. */
function chooseCheckStatus(error: WeirError): JobStatus {
  if (error instanceof Cancelled) return 'cancelled'
  return error instanceof Internal ? 'failed' : 'refused'
}

async function tellAboutSpace(tickets: readonly Ticket[], { surroundings }: RunOptions): Promise<void> {
  const checked = tickets.map(({ state }) => (state.kind === 'ready' ? state.checked : undefined))
  for (const [index, warning] of await warnAboutSpace(checked, surroundings.disk)) {
    tickets[index]?.watch.noteWarnings([warning])
  }
}

async function endTicket(ticket: Ticket, options: RunOptions): Promise<JobResult> {
  const { state, watch } = ticket
  const paths = pathsOf(ticket.entry)
  const isLate = state.kind === 'ready' && ticket.cancelSignal.aborted
  const ended = isLate ? { status: 'cancelled' as const, error: new Cancelled() } : state
  if ('error' in ended) {
    const end = { status: ended.status, error: toErrorData(ended.error), warnings: watch.warnings }
    return makeEmptyResult(ticket.number, paths, end)
  }
  if (options.isDryRun) return describeDryRun(ticket, ended.checked, options)
  return runChecked(ticket, ended.checked)
}

async function runChecked(ticket: Ticket, checked: CheckedJob): Promise<JobResult> {
  const { watch, number } = ticket
  const paths = pathsOf(ticket.entry)
  const startedMs = performance.now()
  try {
    const outcome = await checked.run(ticket.context)
    watch.noteWarnings(outcome.warnings)
    const { output, events, bytesRead, bytesWritten, seconds, verification } = outcome
    const { features, featuresAsStored } = outcome
    const figures = { output, events, bytesRead, bytesWritten, seconds, verification }
    return {
      job: number,
      input: paths.input,
      ...figures,
      copied: { features, featuresAsStored },
      status: 'done',
      warnings: watch.warnings,
      error: null,
    }
  } catch (thrown) {
    const error = toJobError(thrown, ticket)
    const status = error instanceof Cancelled ? 'cancelled' : 'failed'
    const end = { status, error: toErrorData(error), warnings: watch.warnings } as const
    return {
      ...makeEmptyResult(number, paths, end),
      // An aborted recording says how many complete events it left under its temporary name.
      events: status === 'cancelled' && typeof error.actual === 'number' ? error.actual : 0,
      bytesRead: watch.bytesRead,
      bytesWritten: watch.bytesWritten,
      seconds: (performance.now() - startedMs) / 1000,
    }
  }
}

/** What stopped a job; an abort that a library threw on our signal is a cancellation. */
function toJobError(thrown: unknown, { entry, context }: Omit<Ticket, 'state'>): WeirError {
  const isAbort = thrown instanceof Error && thrown.name === 'AbortError' && context.signal.aborted
  if (isAbort) return new Cancelled()
  return toWeirError(thrown, { path: pathsOf(entry).input ?? undefined })
}

async function describeDryRun(ticket: Ticket, checked: CheckedJob, options: RunOptions): Promise<JobResult> {
  const freeBytes = (await askQuietly(options.surroundings.disk.freeBytes(dirname(checked.output)))) ?? null
  return {
    job: ticket.number,
    input: checked.input,
    output: checked.output,
    status: 'done',
    events: checked.totalEvents,
    bytesRead: ticket.watch.bytesRead,
    bytesWritten: 0,
    seconds: 0,
    verification: null,
    warnings: ticket.watch.warnings,
    error: null,
    dryRun: { estimatedBytes: checked.estimatedBytes, freeBytes },
  }
}
