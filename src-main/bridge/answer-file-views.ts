import type { BrowserWindow } from 'electron'
import type { FileView } from '../jobs/file-view.ts'
import type { ReaderClient } from '../jobs/reader-client.ts'
import type { BasinFolders } from './basin-folders.ts'
import { confirmFolder } from './confirm-folder.ts'
import type { FileTokens } from './file-tokens.ts'
import { handle } from './handle.ts'

export interface ViewParts {
  readonly tokens: FileTokens
  readonly reader: ReaderClient
  readonly basinFolders: BasinFolders
  readonly findWindow: () => BrowserWindow | undefined
}

/** Answers what is in a file. */
export function answerFileViews(parts: ViewParts): void {
  const { tokens, reader, basinFolders } = parts
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
  handle('weir:confirm-basin-folder', (token, folder) =>
    confirmFolder(basinFolders.findNamed(tokens.findFile(token), folder), 'file', parts),
  )
}
