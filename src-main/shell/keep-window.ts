import { app, BrowserWindow, dialog } from 'electron'
import { RestartLimit } from '../jobs/restart-limit.ts'
import type { LogFile } from './log-file.ts'

export interface KeptWindow {
  readonly create: () => Promise<BrowserWindow>
  /** The page is gone or loads anew: it hears nothing until it asks again. */
  readonly onPageGone: () => void
}

/** The one window. Where its page goes down it is made again, at most three times in ten minutes; jobs know nothing of it. */
export class WindowKeeper {
  readonly #log: LogFile
  readonly #limit = new RestartLimit()

  constructor(log: LogFile) {
    this.#log = log
  }

  /** undefined while there is none. */
  find(): BrowserWindow | undefined {
    return BrowserWindow.getAllWindows().at(-1)
  }

  /** Opens the window, and keeps it open for as long as nobody closes it. */
  async keep(kept: KeptWindow): Promise<void> {
    const window = await kept.create()
    const { webContents } = window
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) kept.onPageGone()
    })
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      kept.onPageGone()
      this.#log.warn(`the page of the window is gone: ${reason}, exit code ${exitCode}`)
      // Not inside the event: Electron is still putting the old page away.
      setImmediate(() => void this.#replace(window, kept))
    })
  }

  /** To the page, if it is there. */
  send(channel: string, payload: unknown): void {
    const contents = this.find()?.webContents
    if (contents && !contents.isDestroyed() && !contents.isCrashed()) contents.send(channel, payload)
  }

  async #replace(old: BrowserWindow, kept: KeptWindow): Promise<void> {
    if (old.isDestroyed()) return
    if (this.#limit.isReached('window') && !(await askToTryAgain(old))) {
      app.quit()
      return
    }
    this.#limit.note('window')
    try {
      await this.keep(kept)
    } catch (thrown) {
      this.#log.warn(`the window could not be made again: ${String(thrown)}`)
    }
    // Only now: without any window Weir would quit.
    if (!old.isDestroyed()) old.destroy()
  }
}

const TRY_AGAIN = 0

async function askToTryAgain(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Weir',
    message: 'The window breaks down again and again.',
    detail: 'Jobs that run go on without it. The log tells more.',
    buttons: ['Try again', 'Quit'],
    defaultId: TRY_AGAIN,
    cancelId: TRY_AGAIN,
    noLink: true,
  })
  return response === TRY_AGAIN
}
