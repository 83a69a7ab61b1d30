import type { QueueSnapshot, WindowEvent } from '../../../src-preload/contract.ts'
import { useQueueStore } from './use-queue-store.ts'

/** Takes in the whole queue; events that it contains already are ignored afterwards. */
export function applySnapshot({ rows, sequence, jobsAtOnce }: QueueSnapshot): void {
  const store = useQueueStore()
  store.sequence = sequence
  store.jobsAtOnce = jobsAtOnce
  for (const row of rows) store.setRow(row)
  store.setOrder(rows.map(({ id }) => id))
}

/** Takes in an event of the queue; they must come in order. Without a snapshot nothing happens: the event will be in it. */
export function applyEvent(event: WindowEvent): void {
  const store = useQueueStore()
  if (store.sequence === null || event.sequence <= store.sequence) return
  store.sequence = event.sequence
  switch (event.kind) {
    case 'row':
      return store.setRow(event.row)
    case 'progress':
      store.progressById.set(event.id, event.progress)
      return
    case 'warning':
      return addWarning(event)
    case 'order':
      return store.setOrder(event.ids)
    case 'jobs-at-once':
      store.jobsAtOnce = event.jobsAtOnce
      return
    case 'files-opened':
    case 'notice':
      return
  }
}

function addWarning({ id, warning }: WindowEvent & { readonly kind: 'warning' }): void {
  const store = useQueueStore()
  const row = store.byId.get(id)
  if (row === undefined) return
  const { life } = row
  const told = { warnings: [...life.warnings, warning], warningCount: life.warningCount + 1 }
  store.byId.set(id, { ...row, life: { ...life, ...told } })
}
