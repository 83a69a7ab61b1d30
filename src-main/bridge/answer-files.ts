import type { BrowserWindow, OpenDialogOptions } from 'electron'
import { resolve } from 'node:path'
import type { BasinFolders } from './basin-folders.ts'
import { choosePaths, MEASUREMENTS } from './choose-paths.ts'
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
  handle('weir:take-dropped', (paths) => findChosen(paths, chosen))
  handle('weir:take-opened', () => opened.take())

  function choose(options: OpenDialogOptions): Promise<readonly string[]> {
    return choosePaths(findWindow, options)
  }
}
