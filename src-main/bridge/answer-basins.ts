import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { BasinPathDraft } from '../jobs/job-draft.ts'
import type { FileRef } from '../jobs/queue-view.ts'
import type { ViewParts } from './answer-file-views.ts'
import type { BasinPlans } from './plan-basin-jobs.ts'
import { choosePaths, MEASUREMENTS } from './choose-paths.ts'
import { confirmFolder } from './confirm-folder.ts'
import { handle } from './handle.ts'

export type BasinParts = ViewParts & { readonly basinPlans: BasinPlans }

const LISTS = [
  { name: 'Lists of events', extensions: ['txt', 'csv', 'lst'] },
  { name: 'All files', extensions: ['*'] },
]

/** In which nothing is: relative paths would start there, and the form takes none. */
const NOWHERE = join(tmpdir(), 'weir-has-no-folder')

/** Answers what the form for a basin file and the relinking of basins ask. */
export function answerBasins(parts: BasinParts): void {
  const { tokens, reader, basinFolders, basinPlans, findWindow } = parts

  handle('weir:choose-basin-file', () => chooseOne('Choose the measurement', MEASUREMENTS))
  handle('weir:choose-list-file', () => chooseOne('Choose a list of events', LISTS))
  handle('weir:describe-basin-paths', async (drafts, folder) => {
    const folders = listFolders(drafts)
    const outputFolder = folder === null ? (folders[0] ?? NOWHERE) : tokens.findFolder(folder)
    const reports = await reader.describeBasinPaths({ paths: drafts.map(toPath), outputFolder, folders })
    basinFolders.noteTyped(reports)
    return reports
  })
  handle('weir:confirm-typed-folder', (folder) =>
    confirmFolder(basinFolders.findTyped(folder), 'typed', parts),
  )
  handle('weir:check-relink', (token, key, candidate) =>
    reader.checkRelink(tokens.findFile(token), { key, candidate: tokens.findFile(candidate) }),
  )
  handle('weir:add-basin-file', (draft) => basinPlans.addBasinFile(draft))
  handle('weir:relink-basins', (draft) => basinPlans.relink(draft))

  async function chooseOne(title: string, filters: typeof MEASUREMENTS): Promise<FileRef | null> {
    const [path] = await choosePaths(findWindow, { title, properties: ['openFile'], filters })
    return path === undefined ? null : tokens.issueFile(resolve(path))
  }

  function toPath(draft: BasinPathDraft): string {
    return draft.kind === 'file' ? tokens.findFile(draft.file) : draft.path
  }

  /** A file that was chosen may be opened wherever it lies. */
  function listFolders(drafts: readonly BasinPathDraft[]): readonly string[] {
    const chosen = drafts.flatMap((draft) =>
      draft.kind === 'file' ? [dirname(tokens.findFile(draft.file))] : [],
    )
    return [...new Set([...basinFolders.allowed, ...chosen])]
  }
}
