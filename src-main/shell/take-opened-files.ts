import { app } from 'electron'
import { callSchema, listFileArguments, type Call } from './file-arguments.ts'

export interface Openers {
  readonly open: (paths: readonly string[]) => void
  /** Somebody wants to see the window. */
  readonly onSecondStart: () => void
}

/**
 * Hands on the files that Weir is started with, and from now on those of a second start and of the desktop. To be called before the
 * application is ready.
 */
export function takeOpenedFiles(call: Call, { open, onSecondStart }: Openers): void {
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open([path])
  })
  app.on('second-instance', (_event, argv, folder) => {
    onSecondStart()
    const second = callSchema.safeParse({ argv, folder })
    if (second.success) openAll(listFileArguments(second.data, app.isPackaged))
  })
  openAll(listFileArguments(call, app.isPackaged))

  function openAll(paths: readonly string[]): void {
    if (paths.length > 0) open(paths)
  }
}
