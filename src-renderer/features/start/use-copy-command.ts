import type { TaskName } from './tasks.ts'
import { useStartStore } from './use-start-store.ts'

/** Puts a command on the clipboard and tells the outcome. Never rejects. */
export async function copyCommand(task: TaskName, line: string): Promise<void> {
  const store = useStartStore()
  try {
    await navigator.clipboard.writeText(line)
    store.copiedTask = task
    store.notice = 'copied'
  } catch {
    // The desktop may refuse the clipboard, for one while the window has no focus: the user can still select the text.
    store.copiedTask = null
    store.notice = 'not-copied'
  }
}
