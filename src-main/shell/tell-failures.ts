import { app } from 'electron'
import { toErrorData, type Warning } from '../errors.ts'
import type { LogFile } from './log-file.ts'

/** Mistakes of Weir itself and processes that went down: written down and told, and the application stays. */
export function tellFailures(log: LogFile, note: (warning: Warning) => void): void {
  const tell = (thrown: unknown): void => {
    log.warn(`not caught: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`)
    const message = `Weir made a mistake (${toErrorData(thrown).message}); jobs go on. The log tells more.`
    note({ code: 'W_INTERNAL', message, path: '' })
  }
  process.on('uncaughtException', tell)
  process.on('unhandledRejection', tell)
  app.on('child-process-gone', (_event, { type, name, reason, exitCode }) => {
    if (reason !== 'clean-exit') log.warn(`process gone: ${name ?? type}: ${reason}, exit code ${exitCode}`)
  })
}
