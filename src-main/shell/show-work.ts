import { type BrowserWindow, Notification, powerSaveBlocker } from 'electron'
import type { JobQueue } from '../jobs/job-queue.ts'
import { followJobs, type WorkStatus } from './follow-jobs.ts'

const NO_PROGRESS = -1
/** A job says 10 times a second how far it is; a task bar need not. */
const BAR_INTERVAL_MS = 250

/**
 * What the desktop is told of the jobs: the computer does not go to sleep exactly while they run, the task bar shows how far they
 * are, and a quiet notification says that they are done where nobody looks at the window.
 */
export function showWork(queue: JobQueue, findWindow: () => BrowserWindow | undefined): void {
  let blocker: number | undefined
  let shownAtMs = 0

  followJobs(queue, (status) => {
    stayAwake(status.isWorking)
    showBar(status)
    if (!status.isWorking) notify(status)
  })

  function stayAwake(isWorking: boolean): void {
    if (isWorking) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (blocker !== undefined) {
      powerSaveBlocker.stop(blocker)
      blocker = undefined
    }
  }

  function showBar({ isWorking, share }: WorkStatus): void {
    const nowMs = performance.now()
    if (isWorking && nowMs - shownAtMs < BAR_INTERVAL_MS) return
    shownAtMs = nowMs
    const window = findWindow()
    if (window) window.setProgressBar(isWorking ? share : NO_PROGRESS)
  }

  function notify({ doneCount, otherCount }: WorkStatus): void {
    const isLookedAt = findWindow()?.isFocused() ?? false
    if (isLookedAt || doneCount + otherCount === 0 || !Notification.isSupported()) return
    const body = `${doneCount} done${otherCount > 0 ? `, ${otherCount} not done` : ''}`
    new Notification({ title: 'Weir: the queue is finished', body, silent: true }).show()
  }
}
