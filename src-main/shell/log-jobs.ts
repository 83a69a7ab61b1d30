import { hasEnded } from '../jobs/job-life.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { LogFile } from './log-file.ts'

/** Writes down how each job ends. */
export function logJobs(queue: JobQueue, log: LogFile): void {
  queue.subscribe((event) => {
    if (event.kind !== 'job' || !hasEnded(event.job.life)) return
    const { id, life, job, leftoverPath } = event.job
    const error = life.state === 'done' ? '' : `: ${life.error.message} (${life.error.code})`
    const lastWords =
      life.state === 'failed' && life.lastWords !== null ? `; last words: ${life.lastWords}` : ''
    const leftover = leftoverPath === null ? '' : `; left behind: ${leftoverPath}`
    log.info(`${job.task} ${id} is ${life.state}${error}${lastWords}${leftover}`)
  })
}
