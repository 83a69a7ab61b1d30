import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { BasinFolders, NamedFolder } from './basin-folders.ts'

export interface ConfirmParts {
  readonly basinFolders: BasinFolders
  readonly findWindow: () => BrowserWindow | undefined
}

const ALLOW = 1

const REASONS = {
  file: 'The file names this folder; you have not chosen it yourself. ',
  typed: 'This folder comes from a path that was typed; it was not chosen in a dialog. ',
} as const

/** Asks the user, in a dialog of the system, whether Weir may look in the folder. */
export async function confirmFolder(
  named: NamedFolder,
  origin: keyof typeof REASONS,
  { basinFolders, findWindow }: ConfirmParts,
): Promise<boolean> {
  const question = composeQuestion(named, REASONS[origin])
  const window = findWindow()
  const { response } = await (window
    ? dialog.showMessageBox(window, question)
    : dialog.showMessageBox(question))
  if (response === ALLOW) basinFolders.allow([named.folder])
  return response === ALLOW
}

function composeQuestion({ folder, isOnNetwork }: NamedFolder, reason: string): MessageBoxOptions {
  const warning =
    'The folder is on the network: looking there contacts another computer, which may be shown your user name. '
  return {
    type: isOnNetwork ? 'warning' : 'question',
    title: 'Look for basins',
    message: `Look for basins in ${folder}?`,
    detail: `${isOnNetwork ? warning : ''}${reason}Weir opens files there for reading only, until it is closed.`,
    buttons: ['Do not look', 'Look there'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
}
