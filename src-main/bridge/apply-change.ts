import { InvalidInput } from '../errors.ts'
import type { JobChange } from '../jobs/job-draft.ts'
import type { Job } from '../jobs/job-schema.ts'

const tasks = ['rewrite', 'record', 'basins'] as const satisfies readonly Job['task'][]

/** The job with the settings that the change names, yet to be validated. Throws E_QUEUE for settings of another task. */
export function applyChange(job: Job, change: JobChange): unknown {
  const wrongTask = tasks.find((task) => task !== job.task && change[task] !== undefined)
  if (wrongTask !== undefined) {
    const message = `the job for ${job.output} is a ${job.task}; settings of a ${wrongTask} do not fit it`
    throw new InvalidInput('E_QUEUE', message, { path: job.output })
  }
  return { ...job, ...pickNamed(change[job.task] ?? {}) }
}

function pickNamed(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
