import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron'
import { resolve } from 'node:path'
import type { BasinFolders } from './basin-folders.ts'
import type { FileTokens } from './file-tokens.ts'
import { handle } from './handle.ts'
import type { InputRoots } from './input-roots.ts'
import { findChosen, type OpenedFiles } from './opened-files.ts'

export interface FileParts {
  readonly tokens: FileTokens
  readonly opened: OpenedFiles
  readonly basinFolders: BasinFolders
  readonly inputRoots: InputRoots
  readonly findWindow: () => BrowserWindow | undefined
}

const MEASUREMENTS = [
  { name: 'RT-DC measurements', extensions: ['rtdc'] },
  { name: 'All files', extensions: ['*'] },
]

const LISTS = [
  { name: 'Text files', extensions: ['txt', 'csv', 'dat', 'lst'] },
  { name: 'All files', extensions: ['*'] },
]

/** Answers what gives the window files: dialogs, drops, and what came from outside. */
export function answerFiles({ tokens, opened, basinFolders, inputRoots, findWindow }: FileParts): void {
  const chosen = { tokens, basinFolders, inputRoots }

  handle('weir:choose-files', async () => {
    const properties = ['openFile' as const, 'multiSelections' as const]
    return findChosen(await choose({ title: 'Add files', properties, filters: MEASUREMENTS }), chosen)
  })
  handle('weir:choose-input-folder', async () =>
    findChosen(await choose({ title: 'Add folder', properties: ['openDirectory'] }), chosen),
  )
  handle('weir:choose-output-folder', async () => {
    const properties = ['openDirectory' as const, 'createDirectory' as const]
    const [folder] = await choose({ title: 'Folder for the outputs', properties })
    if (folder === undefined) return null
    basinFolders.allow([resolve(folder)])
    return tokens.issueFolder(resolve(folder))
  })
  handle('weir:choose-index-list', async () => {
    const properties = ['openFile' as const]
    const [path] = await choose({ title: 'List of events', properties, filters: LISTS })
    return path === undefined ? null : tokens.issueFile(resolve(path))
  })
  handle('weir:take-dropped', (paths) => findChosen(paths, chosen))
  handle('weir:take-opened', () => opened.take())

  async function choose(options: OpenDialogOptions): Promise<readonly string[]> {
    const window = findWindow()
    const { canceled, filePaths } = await (window
      ? dialog.showOpenDialog(window, options)
      : dialog.showOpenDialog(options))
    return canceled ? [] : filePaths
  }
}
