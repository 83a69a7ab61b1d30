import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { FileView } from '../jobs/file-view.ts'
import type { ReaderClient } from '../jobs/reader-client.ts'
import type { BasinFolders } from './basin-folders.ts'
import type { FileTokens } from './file-tokens.ts'
import { handle } from './handle.ts'

export interface ViewParts {
  readonly tokens: FileTokens
  readonly reader: ReaderClient
  readonly basinFolders: BasinFolders
  readonly findWindow: () => BrowserWindow | undefined
}

const ALLOW = 1

/** Answers what is in a file. */
export function answerFileViews({ tokens, reader, basinFolders, findWindow }: ViewParts): void {
  handle('weir:describe-file', async (token): Promise<FileView> => {
    const path = tokens.findFile(token)
    const view = await reader.describe(path, basinFolders.allowed)
    basinFolders.note(path, view)
    return view
  })
  handle('weir:read-log', (token, name) => reader.readLog(tokens.findFile(token), name))
  handle('weir:look-at-indices', (token, eventCounts) =>
    reader.lookAtIndices(tokens.findFile(token), eventCounts),
  )
  handle('weir:confirm-basin-folder', async (token, folder) => {
    const named = basinFolders.findNamed(tokens.findFile(token), folder)
    const question = composeQuestion(named)
    const window = findWindow()
    const { response } = await (window
      ? dialog.showMessageBox(window, question)
      : dialog.showMessageBox(question))
    if (response === ALLOW) basinFolders.allow([named.folder])
    return response === ALLOW
  })
}

function composeQuestion({ folder, isOnNetwork }: ReturnType<BasinFolders['findNamed']>): MessageBoxOptions {
  const warning =
    'The folder is on the network: looking there contacts another computer, which may be shown your user name. '
  return {
    type: isOnNetwork ? 'warning' : 'question',
    title: 'Look for basins',
    message: `Look for basins in ${folder}?`,
    detail:
      `${isOnNetwork ? warning : ''}The file names this folder; you have not chosen it yourself. ` +
      'Weir opens files there for reading only, until it is closed.',
    buttons: ['Do not look', 'Look there'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
}
