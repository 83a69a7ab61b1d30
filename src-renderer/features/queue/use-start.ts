import type { QueueRow } from '../../../src-preload/contract.ts'
import { changeJobs, lookAtOutputs, retryJob, startJobs } from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { planRetry, planStart, type PlannedStart } from './plan-start.ts'
import { canRetry, canStart } from './row-actions.ts'
import { useStartStore } from './use-start-store.ts'

/** Starting, with a look at what stands where the outputs go. None of these rejects. */

/** Starts those of the rows that wait, and runs again those that an earlier session did not finish. */
export async function startRows(rows: readonly QueueRow[]): Promise<void> {
  const startable = rows.filter(canStart)
  if (startable.length === 0) return
  const states = await attempt(() => lookAtOutputs(startable.map(({ id }) => id)))
  if (states !== null) await goOrAsk(planStart(startable, states))
}

/** Runs rows again that failed or were cancelled. */
export async function retryRows(rows: readonly QueueRow[]): Promise<void> {
  await goOrAsk(rows.filter(canRetry).map(planRetry))
}

export type StartAnswer = 'replace' | 'leave-out' | 'cancel'

/** The answer to the question in the store. */
export async function answerStart(answer: StartAnswer): Promise<void> {
  const store = useStartStore()
  const planned = store.question ?? []
  store.question = null
  if (answer === 'replace') await go(planned)
  if (answer === 'leave-out') await go(planned.filter(({ replaces }) => replaces.length === 0))
}

async function goOrAsk(planned: readonly PlannedStart[]): Promise<void> {
  if (planned.some(({ replaces }) => replaces.length > 0)) useStartStore().question = planned
  else await go(planned)
}

async function go(planned: readonly PlannedStart[]): Promise<void> {
  const starting = planned.filter(({ how }) => how === 'start')
  const allowed = starting.filter(({ replaces, isReplaceSet }) => replaces.length > 0 && !isReplaceSet)
  await attempt(async () => {
    if (allowed.length > 0) await changeJobs(listIds(allowed), { output: { collision: 'replace' } })
    if (starting.length > 0) await startJobs(listIds(starting))
    for (const { id, how, replaces, isOwnLeftover } of planned) {
      const mayReplace = isOwnLeftover || replaces.length > 0
      if (how === 'retry') await retryJob(id, { mayReplace })
    }
  })
}

function listIds(planned: readonly PlannedStart[]): string[] {
  return planned.map(({ id }) => id)
}
