import type { FileRef, FoundFiles, RefusedFile } from '../../../src-preload/contract.ts'
import {
  addBasinFile,
  BridgeError,
  chooseBasinFile,
  chooseFiles,
  chooseListFile,
  chooseOutputFolder,
  confirmTypedFolder,
  describeBasinPaths,
  startJobs,
  takeDropped,
} from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { useNoticesStore } from '../notices/use-notices-store.ts'
import { markAdded } from '../queue/use-add-files.ts'
import { useAddingStore } from '../queue/use-adding-store.ts'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { type FormPath, judgePath, makeDraft, textOf, toPathDraft } from './basin-file-draft.ts'
import { useBasinFileStore } from './use-basin-file-store.ts'

/** What the form for a basin file asks of main; what it refuses becomes a notice. None of these rejects. */

/** Counts the looks at a basin: an answer to an earlier one is of no interest any more. */
const looks = new Map<number, number>()

/** Starts an empty form with the measurements of the selected jobs. */
export function proposeSources(): void {
  if (useBasinFileStore().input.sources.length === 0) addSelected()
}

/** Adds the measurements of the selected jobs that are not there yet. */
export function addSelected(): void {
  addFiles(useQueueStore().selectedRows.flatMap(({ input }) => input ?? []))
}

export async function addChosen(): Promise<void> {
  takeFound(await attempt(chooseFiles))
}

export async function addDroppedSources(files: readonly File[]): Promise<void> {
  takeFound(await attempt(() => takeDropped(files)))
}

/** Adds a basin whose path is yet to be typed. */
export function addTyped(): void {
  const store = useBasinFileStore()
  store.addSource(store.makeTyped())
}

export async function addChosenAlternative(sourceId: number): Promise<void> {
  const file = await attempt(chooseBasinFile)
  const store = useBasinFileStore()
  if (file !== null) changePaths(sourceId, (paths) => [...paths, store.makeFile(file)])
}

export function addTypedAlternative(sourceId: number): void {
  const store = useBasinFileStore()
  changePaths(sourceId, (paths) => [...paths, store.makeTyped()])
}

export function typePath(sourceId: number, id: number, path: string): void {
  changePaths(sourceId, (paths) => paths.map((one) => (one.id === id ? { id, kind: 'typed', path } : one)))
}

export function removePath(sourceId: number, id: number): void {
  changePaths(sourceId, (paths) => paths.filter((one) => one.id !== id))
}

/** Lets the user confirm the folder, then looks again at every path that may lie there. */
export async function lookInTypedFolder(folder: string): Promise<void> {
  const isAllowed = await attempt(() => confirmTypedFolder(folder))
  if (isAllowed !== true) return
  for (const { id } of useBasinFileStore().input.sources) void lookAtSource(id)
}

export async function chooseList(): Promise<void> {
  const list = await attempt(chooseListFile)
  const store = useBasinFileStore()
  if (list !== null) store.change({ mapping: { ...store.input.mapping, kind: 'indices', list } })
}

export async function chooseFolder(): Promise<void> {
  const folder = await attempt(chooseOutputFolder)
  if (folder === null) return
  useBasinFileStore().change({ folder })
  // A chosen folder is one in which may be looked.
  for (const { id } of useBasinFileStore().input.sources) void lookAtSource(id)
}

/** Puts the job into the queue, and starts it if that is wanted. Was it taken? */
export async function addToQueue({ isToStart }: { readonly isToStart: boolean }): Promise<boolean> {
  const store = useBasinFileStore()
  const draft = makeDraft(store.input, store.reports)
  const added = draft === null ? null : await attempt(() => addBasinFile(draft))
  if (added === null) return false
  tellRefused(added.refused)
  if (added.ids.length === 0) return false
  useAddingStore().addedIds = added.ids
  markAdded()
  if (isToStart) await attempt(() => startJobs(added.ids))
  store.clear()
  return true
}

function takeFound(found: FoundFiles | null): void {
  if (found === null) return
  tellRefused(found.refused)
  addFiles(found.files)
}

function addFiles(files: readonly FileRef[]): void {
  const store = useBasinFileStore()
  const known = new Set(store.input.sources.flatMap(({ paths }) => paths.map(textOf)))
  for (const file of files) {
    if (known.has(file.path)) continue
    known.add(file.path)
    void lookAtSource(store.addSource(store.makeFile(file)).id)
  }
}

function changePaths(sourceId: number, change: (paths: readonly FormPath[]) => readonly FormPath[]): void {
  const store = useBasinFileStore()
  const source = store.input.sources.find(({ id }) => id === sourceId)
  if (source === undefined) return
  store.setPaths(sourceId, change(source.paths))
  void lookAtSource(sourceId)
}

/** All paths of a basin together: whether one is another measurement, the others tell. */
async function lookAtSource(sourceId: number): Promise<void> {
  const store = useBasinFileStore()
  const source = store.input.sources.find(({ id }) => id === sourceId)
  const look = (looks.get(sourceId) ?? 0) + 1
  looks.set(sourceId, look)
  const paths = source?.paths.filter((path) => judgePath(path) === null) ?? []
  if (paths.length === 0) return
  for (const { id } of paths) if (!store.reports.has(id)) store.reports.set(id, { state: 'loading' })
  try {
    const reports = await describeBasinPaths(paths.map(toPathDraft), store.input.folder?.token ?? null)
    if (looks.get(sourceId) !== look) return
    for (const [place, report] of reports.entries()) {
      const path = paths[place]
      if (path !== undefined) store.reports.set(path.id, { state: 'there', value: report })
    }
  } catch (error) {
    if (looks.get(sourceId) !== look) return
    const code = error instanceof BridgeError ? error.code : 'E_INTERNAL'
    const message = error instanceof Error ? error.message : String(error)
    for (const { id } of paths) store.reports.set(id, { state: 'failed', code, message })
  }
}

function tellRefused(refused: readonly RefusedFile[]): void {
  if (refused.length > 0) useNoticesStore().add('refused', refused)
}
