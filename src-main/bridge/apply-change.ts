import { InvalidInput } from '../errors.ts'
import type { JobChange } from '../jobs/job-draft.ts'
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

function pickNamed(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
