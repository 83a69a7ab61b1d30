import { shell } from 'electron'
import { InvalidInput } from '../errors.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { inputOf, type PlaceLookup } from '../jobs/plan-output.ts'
import { handle } from './handle.ts'

/** Answers `weir:show-in-folder`: only for files of the queue's own jobs. */
export function answerShowInFolder(queue: JobQueue, lookup: PlaceLookup): void {
  handle('weir:show-in-folder', async (id, which) => {
    const { job, leftoverPath } = queue.get(id)
    const path = { input: inputOf(job), output: job.output, leftover: leftoverPath }[which]
    if (path === null) throw new InvalidInput('E_REQUEST', `the job for ${job.output} has no ${which}`)
    if (!(await lookup.isTaken(path))) {
      throw new InvalidInput('E_MISSING', `${path} is not there; was it moved or deleted?`, { path })
    }
    shell.showItemInFolder(path)
    return null
  })
}
