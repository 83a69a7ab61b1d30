import { onScopeDispose } from 'vue'
import { judgeBatch } from './judge-batch.ts'
import { isOnTheWay } from './row-actions.ts'
import { useBatchStore } from './use-batch-store.ts'
import { useQueueStore } from './use-queue-store.ts'

const EVERY_MS = 1000

/** Works out once a second how far everything is, for as long as the component lives that calls it. */
export function followBatch(): void {
  updateBatch()
  const timer = setInterval(updateBatch, EVERY_MS)
  onScopeDispose(() => clearInterval(timer))
}

function updateBatch(): void {
  const batch = useBatchStore()
  const queue = useQueueStore()
  const current = queue.rows.filter(isOnTheWay)
  const isNew = !batch.isRunning && current.length > 0
  const isGrown = current.some(({ id }) => !batch.ids.has(id))
  if (isNew) batch.ids = new Set(current.map(({ id }) => id))
  else if (isGrown) batch.ids = new Set([...batch.ids, ...current.map(({ id }) => id)])
  const rows = queue.rows.filter(({ id }) => batch.ids.has(id))
  const { progressById, jobsAtOnce } = queue
  const { isRunning, share, remainingSeconds } = judgeBatch({ rows, progressById, jobsAtOnce })
  batch.isRunning = isRunning
  batch.share = share
  batch.remainingSeconds = remainingSeconds
}
