import { assertNever, InvalidInput } from '../errors.ts'
import type { JobChange, RetryOptions } from '../jobs/job-draft.ts'
import type { Job } from '../jobs/job-schema.ts'

const TASKS = ['rewrite', 'record', 'basins'] as const satisfies readonly Job['task'][]
const NAMES = { rewrite: 'rewrite', record: 'record', basins: 'basin file' } as const

/** The job with the settings that the change names, yet to be validated. Throws E_QUEUE for settings of another task. */
export function applyChange(job: Job, change: JobChange): unknown {
  const wrongTask = TASKS.find((task) => task !== job.task && change[task] !== undefined)
  if (wrongTask !== undefined) {
    const message = `the job for ${job.output} is a ${NAMES[job.task]}; settings of a ${NAMES[wrongTask]} do not fit it`
    throw new InvalidInput('E_QUEUE', message, { path: job.output })
  }
  return { ...job, ...pickNamed(change[job.task] ?? {}) }
}

/** The job as it is to run again; as it was where it has no such setting. */
export function tolerateIn(job: Job, what: NonNullable<RetryOptions['tolerate']>): Job {
  const part = what === 'lengths' ? ({ lengths: 'cut' } as const) : ({ holes: 'fill' } as const)
  switch (job.task) {
    case 'rewrite':
      return { ...job, ...part }
    case 'record':
      return job.source.kind === 'replay' ? { ...job, source: { ...job.source, ...part } } : job
    case 'basins':
      return what === 'lengths' ? { ...job, lengths: 'cut' } : job
    default:
      return assertNever(job)
  }
}

function pickNamed(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
