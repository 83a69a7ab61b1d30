import type { BrowserWindow } from 'electron'

/** A second start brings the first window to the front instead. */
export function showExistingWindow(window: BrowserWindow | undefined): void {
  if (window === undefined) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
