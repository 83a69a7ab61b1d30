import { expect, test } from 'vitest'
import { followJobs, type WorkStatus } from '../../../src-main/shell/follow-jobs.ts'
import { choose, makePlans, settings } from '../bridge/queue-fixture.ts'
import { figures, progress } from '../jobs/job-samples.ts'

test('P30: work is from the start of the first wanted job to the end of the last, and counts what came of them', async () => {
  const { plans, queue, tokens, emits } = await makePlans()
  const told: WorkStatus[] = []
  followJobs(queue, (status) => told.push(status))
  const inputs = ['/a', '/b'].map((path) => tokens.issueFile(path).token)
  const { ids } = await plans.addRewrites({ inputs, settings, output: choose() })
  expect(told).toEqual([])
  queue.start(ids)
  expect(told.at(-1)).toEqual({ isWorking: true, share: 0, doneCount: 0, otherCount: 0 })
  emits[0]?.({ kind: 'message', message: { kind: 'progress', progress } })
  expect(told.at(-1)?.share).toBe(0.25)
  emits[0]?.({ kind: 'message', message: { kind: 'done', figures } })
  expect(told.at(-1)).toMatchObject({ isWorking: true, share: 0.5, doneCount: 1 })
  queue.cancel(ids[1] ?? '')
  emits[1]?.({ kind: 'exited', exit: { code: 1, reason: null, lastWords: '' }, path: '/b' })
  expect(told.at(-1)).toEqual({ isWorking: false, share: 0, doneCount: 1, otherCount: 1 })
  const count = told.length
  queue.remove(ids.slice(0, 1))
  expect(told).toHaveLength(count)
})
