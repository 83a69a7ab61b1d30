import { hasEnded, type JobLife } from '../jobs/job-life.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { LogFile } from './log-file.ts'

/** Writes down how each job ends. */
export function logJobs(queue: JobQueue, log: LogFile): void {
  // A job is told again where only its place or its leftover is new.
  const written = new WeakSet<JobLife>()
  queue.subscribe((event) => {
    if (event.kind !== 'job' || !hasEnded(event.job.life) || written.has(event.job.life)) return
    written.add(event.job.life)
    const { id, life, job } = event.job
    const error = life.state === 'done' ? '' : `: ${life.error.message} (${life.error.code})`
    const lastWords =
      life.state === 'failed' && life.lastWords !== null ? `; last words: ${life.lastWords}` : ''
    log.info(`${job.task} ${id} is ${life.state}${error}${lastWords}`)
  })
}
