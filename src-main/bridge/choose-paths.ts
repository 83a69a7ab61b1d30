import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron'

export const MEASUREMENTS = [
  { name: 'RT-DC measurements', extensions: ['rtdc'] },
  { name: 'All files', extensions: ['*'] },
]

/** Paths that the user chooses in a dialog of the system; none: the user thought better of it. */
export async function choosePaths(
  findWindow: () => BrowserWindow | undefined,
  options: OpenDialogOptions,
): Promise<readonly string[]> {
  const window = findWindow()
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return canceled ? [] : filePaths
}
