import { InvalidInput } from '../errors.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { PlaceLookup } from '../jobs/plan-output.ts'
import type { OutputState } from '../jobs/job-draft.ts'
import { composeRow } from './compose-row.ts'
import type { FileTokens } from './file-tokens.ts'
import { handle } from './handle.ts'
import type { JobPlans } from './plan-jobs.ts'
import type { WindowChannel } from './window-channel.ts'

export interface QueueParts {
  readonly queue: JobQueue
  readonly plans: JobPlans
  readonly tokens: FileTokens
  readonly channel: WindowChannel
  readonly lookup: PlaceLookup
}

/** Answers what the window asks of the queue. */
export function answerQueue({ queue, plans, tokens, channel, lookup }: QueueParts): void {
  handle('weir:read-queue', () => ({
    sequence: channel.sequence,
    rows: queue.jobs.map((entry) => composeRow(entry, tokens)),
    jobsAtOnce: queue.jobsAtOnce,
  }))
  handle('weir:add-rewrites', (draft) => plans.addRewrites(draft))
  handle('weir:add-recording', (draft) => plans.addRecording(draft))
  handle('weir:change-jobs', (ids, change) => plans.change(ids, change))
  handle('weir:look-at-outputs', (ids) =>
    plans.afterChanges(() => Promise.all(ids.map((id) => lookAtOutput(id)))),
  )
  handle('weir:preview-outputs', async (ids, output) => [...(await plans.preview(ids, output))])
  handle('weir:find-output', (id) => tokens.issueFile(findOutput(id)))
  handle('weir:start-jobs', (ids) => plans.afterChanges(() => act(() => queue.start(ids))))
  handle('weir:hold-jobs', (ids) => act(() => queue.hold(ids)))
  handle('weir:cancel-jobs', (ids) => {
    for (const id of ids) queue.get(id)
    for (const id of ids) queue.cancel(id)
    return null
  })
  handle('weir:stop-recording', (id) => act(() => queue.stop(id)))
  handle('weir:retry-job', (id, options) => plans.retry(id, options))
  handle('weir:remove-jobs', (ids) => act(() => queue.remove(ids)))
  handle('weir:move-job', (id, place) => act(() => queue.move(id, place)))
  handle('weir:set-jobs-at-once', (count) => act(() => queue.setJobsAtOnce(count)))

  /** Only what Weir has written itself is opened without having been chosen. */
  function findOutput(id: string): string {
    const { job, life } = queue.get(id)
    if (life.state === 'done') return life.figures.output
    throw new InvalidInput('E_QUEUE', `${job.output} is not written yet`, { path: job.output })
  }

  async function lookAtOutput(id: string): Promise<OutputState> {
    const { output } = queue.get(id).job
    const temporary = `${output}~`
    const [exists, hasLeftover] = await Promise.all([lookup.isTaken(output), lookup.isTaken(temporary)])
    return { id, output, exists, leftoverPath: hasLeftover ? temporary : null }
  }
}

/** Does something of which there is nothing to tell. */
function act(work: () => void): null {
  work()
  return null
}
