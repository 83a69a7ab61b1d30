import { rename } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { systemCode } from './disk-errors.ts'

const GIVE_UP_AFTER_MS = 60_000
const LONGEST_PAUSE_MS = 2_000
/** What Windows says while a virus scanner, an indexer or a viewer holds one of the two files. */
const HELD_BY_OTHERS: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY'])

export interface RenameOptions {
  readonly platform?: NodeJS.Platform
  readonly attempt?: (from: string, to: string) => Promise<void>
  readonly pause?: (milliseconds: number) => Promise<unknown>
}

/**
 * Renames, replacing `to`. On Windows an attempt that failed because another program holds a file is repeated, with
 * growing pauses, for a minute of pauses in all. Rejects with the system's own error.
 */
export async function renameWithRetry(from: string, to: string, options: RenameOptions = {}): Promise<void> {
  const { platform = process.platform, attempt = rename, pause = setTimeout } = options
  let pauseMs = 25
  let waitedMs = 0
  for (;;) {
    try {
      await attempt(from, to)
      return
    } catch (thrown) {
      const isHeld = platform === 'win32' && HELD_BY_OTHERS.has(systemCode(thrown) ?? '')
      if (!isHeld || waitedMs >= GIVE_UP_AFTER_MS) throw thrown
    }
    await pause(pauseMs)
    waitedMs += pauseMs
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS, Math.max(1, GIVE_UP_AFTER_MS - waitedMs))
  }
}
