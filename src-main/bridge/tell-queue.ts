import { assertNever } from '../errors.ts'
import type { JobQueue, QueueEvent } from '../jobs/job-queue.ts'
import { composeRow } from './compose-row.ts'
import type { FileTokens } from './file-tokens.ts'
import type { WindowChannel } from './window-channel.ts'

export interface QueueTeller {
  readonly queue: JobQueue
  readonly tokens: FileTokens
  readonly channel: WindowChannel
}

/** Tells the window of every change of the queue from now on. */
export function tellQueue({ queue, tokens, channel }: QueueTeller): void {
  const toldIds = new Set(queue.jobs.map(({ id }) => id))
  queue.subscribe((event) => tell(event))

  function tell(event: QueueEvent): void {
    switch (event.kind) {
      case 'job':
        channel.send({ kind: 'row', row: composeRow(event.job, tokens) })
        return
      case 'progress':
      case 'warning':
      case 'jobs-at-once':
        channel.send(event)
        return
      case 'order':
        tellOrder(event.ids)
        return
      default:
        assertNever(event)
    }
  }

  /** A new row comes before it is named. */
  function tellOrder(ids: readonly string[]): void {
    for (const id of ids.filter((wanted) => !toldIds.has(wanted))) {
      channel.send({ kind: 'row', row: composeRow(queue.get(id), tokens) })
    }
    toldIds.clear()
    for (const id of ids) toldIds.add(id)
    channel.send({ kind: 'order', ids: [...ids] })
  }
}
