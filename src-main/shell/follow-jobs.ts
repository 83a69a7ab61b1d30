import { hasEnded, isActive } from '../jobs/job-life.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { QueuedJob } from '../jobs/queued-job.ts'

/** How far the jobs are that were wanted since the queue was last at rest. */
export interface WorkStatus {
  readonly isWorking: boolean
  /** 0 to 1 over all of them; 0 at rest. */
  readonly share: number
  readonly doneCount: number
  /** Failed or cancelled. */
  readonly otherCount: number
}

/** Calls with every change of the work as a whole; for whoever shows it outside the window. */
export function followJobs(queue: JobQueue, listener: (status: WorkStatus) => void): void {
  let batch = new Set<string>()
  queue.subscribe((event) => {
    if (event.kind !== 'job' && event.kind !== 'progress' && event.kind !== 'order') return
    const { jobs } = queue
    for (const entry of jobs) if (isWanted(entry)) batch.add(entry.id)
    if (batch.size === 0) return
    const status = measure(jobs.filter(({ id }) => batch.has(id)))
    if (!status.isWorking) batch = new Set()
    listener(status)
  })
}

function measure(entries: readonly QueuedJob[]): WorkStatus {
  const isWorking = entries.some(isWanted)
  const ended = entries.filter(({ life }) => hasEnded(life))
  const doneCount = ended.filter(({ life }) => life.state === 'done').length
  const total = entries.reduce((sum, entry) => sum + measureShare(entry), 0)
  const share = isWorking && entries.length > 0 ? total / entries.length : 0
  return { isWorking, share, doneCount, otherCount: ended.length - doneCount }
}

function isWanted({ life, isReleased }: QueuedJob): boolean {
  return isActive(life) || (life.state === 'waiting' && isReleased)
}

function measureShare({ life }: QueuedJob): number {
  if (hasEnded(life)) return 1
  if (life.progress === null) return 0
  const { writtenEvents, totalEvents, writtenFrames, totalFrames } = life.progress
  const [written, total] = totalFrames > 0 ? [writtenFrames, totalFrames] : [writtenEvents, totalEvents]
  return total > 0 ? Math.min(1, written / total) : 0
}
