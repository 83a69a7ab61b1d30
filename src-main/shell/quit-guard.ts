import { app, type BrowserWindow, dialog, powerMonitor } from 'electron'
import type { Warning } from '../errors.ts'
import { isActive } from '../jobs/job-life.ts'
import type { JobQueue } from '../jobs/job-queue.ts'

export interface QuitParts {
  readonly queue: JobQueue
  readonly findWindow: () => BrowserWindow | undefined
  /** Ends every other process; called once, at the end. */
  readonly closeOthers: () => void
  readonly note: (warning: Warning) => void
}

/** What a recording may take to end in good order. */
const STOP_MS = 10_000
/** The system that shuts down does not wait long. */
const SHUTDOWN_MS = 4_000

const CHOICES = ['Keep running', 'Quit when these are done', 'Stop and quit'] as const

/** Lets Weir quit only when no job is torn apart by it: asks once while jobs run, unless the system itself ends. */
export class QuitGuard {
  readonly #parts: QuitParts
  #isAsking = false
  #isWaitingForJobs = false
  #isLeaving = false
  #mayGo = false

  constructor(parts: QuitParts) {
    this.#parts = parts
  }

  /** From now on; to be called once. */
  watch(): void {
    app.on('window-all-closed', () => app.quit())
    app.on('before-quit', (event) => {
      if (this.#mayGo) return
      event.preventDefault()
      void this.#ask()
    })
    // Types of Electron 45 have it with an event; a shutdown waits for a moment where it is prevented.
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault()
      void this.#leave(SHUTDOWN_MS)
    })
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => void this.#leave(SHUTDOWN_MS))
    }
    this.#parts.queue.subscribe(() => {
      if (this.#isWaitingForJobs && !this.#isWorking()) void this.#leave(STOP_MS)
    })
  }

  /** Closing the window is quitting: with the same question, and the window stays until that is answered. */
  watchWindow(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (this.#mayGo) return
      event.preventDefault()
      app.quit()
    })
    // Windows tells only the window that the session ends.
    window.on('session-end', () => void this.#leave(SHUTDOWN_MS))
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#isLeaving) return
    if (!this.#isWorking()) {
      await this.#leave(STOP_MS)
      return
    }
    this.#isAsking = true
    const choice = await this.#showQuestion()
    this.#isAsking = false
    if (choice === 'Stop and quit') await this.#leave(STOP_MS)
    else if (choice === 'Quit when these are done') await this.#waitForJobs()
    else this.#isWaitingForJobs = false
  }

  async #showQuestion(): Promise<(typeof CHOICES)[number]> {
    const count = this.#parts.queue.jobs.filter(({ life }) => isActive(life)).length
    const question = {
      type: 'question' as const,
      title: 'Quit Weir',
      message: count === 1 ? 'A job is running.' : `${count} jobs are running.`,
      detail:
        'Stop and quit ends recordings in good order and gives rewrites up; they are offered again at the next start. ' +
        'Originals are never changed.',
      buttons: [...CHOICES],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    }
    const window = this.#parts.findWindow()
    const { response } = await (window
      ? dialog.showMessageBox(window, question)
      : dialog.showMessageBox(question))
    return CHOICES[response] ?? CHOICES[0]
  }

  async #waitForJobs(): Promise<void> {
    const { queue, note } = this.#parts
    // What only waits would make "these" longer and longer.
    queue.hold(queue.jobs.map(({ id }) => id))
    this.#isWaitingForJobs = true
    if (!this.#isWorking()) {
      await this.#leave(STOP_MS)
      return
    }
    const message = 'Weir quits when the running jobs are done. To keep it open, quit again and choose so.'
    note({ code: 'W_QUIT', message, path: '' })
  }

  #isWorking(): boolean {
    return this.#parts.queue.jobs.some(({ life }) => isActive(life))
  }

  async #leave(timeoutMs: number): Promise<void> {
    if (this.#isLeaving) return
    this.#isLeaving = true
    await this.#parts.queue.close(timeoutMs)
    this.#parts.closeOthers()
    this.#mayGo = true
    app.quit()
  }
}
