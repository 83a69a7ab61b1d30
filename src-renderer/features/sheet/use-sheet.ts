import type {
  EventChoice,
  FileRef,
  JobChange,
  OutputChoice,
  RecordSettings,
  RefusedJob,
  RewriteSettings,
} from '../../../src-preload/contract.ts'
import { changeJobs, chooseListFile, chooseOutputFolder } from '../../bridge.ts'
import { fitForAnyFile, formatDefaults, parseDefaults, type SheetDefaults } from './sheet-defaults.ts'
import {
  type BasinsItem,
  groupChanges,
  isBasinFile,
  isRewrite,
  type JobsChange,
  type RecordItem,
  type RewriteItem,
  type SharedSettings,
  writesData,
} from './sheet-item.ts'
import { useSheetStore } from './use-sheet-store.ts'

const storageKey = 'weir.next-files'

/** Takes up the settings of the last start. */
export function restoreDefaults(): void {
  useSheetStore().defaults = parseDefaults(localStorage.getItem(storageKey))
}

function keepDefaults(defaults: SheetDefaults): void {
  useSheetStore().defaults = defaults
  localStorage.setItem(storageKey, formatDefaults(defaults))
}

/** Changes the rewrites that the sheet shows; `partOf` says what of each. */
export async function changeRewrites(
  partOf: (item: RewriteItem) => Partial<RewriteSettings> | null,
): Promise<void> {
  const rewrites = useSheetStore().items.filter(isRewrite)
  changeDefaults(rewrites, partOf)
  await send(groupChanges(rewrites, (item) => wrap('rewrite', partOf(item))))
}

/** Changes which events the jobs that the sheet shows take. */
export async function changeEvents(events: EventChoice): Promise<void> {
  await changeRewrites(() => ({ events }))
  await changeBasinFiles({ events })
}

/** Changes the basin files that the sheet shows. */
export async function changeBasinFiles(
  part: Partial<Pick<BasinsItem['settings'], 'paths' | 'events'>>,
): Promise<void> {
  await send(groupChanges(useSheetStore().items.filter(isBasinFile), () => ({ basins: part })))
}

/** Changes what every job has that writes data. */
export async function changeShared(
  partOf: (item: RewriteItem | RecordItem) => Partial<SharedSettings>,
): Promise<void> {
  const items = useSheetStore().items.filter(writesData)
  changeDefaults(items.filter(isRewrite), partOf)
  await send(groupChanges(items, (item) => wrap(item.task, partOf(item))))
}

/** Changes the recordings that the sheet shows. */
export async function changeRecordings(part: Partial<RecordSettings>): Promise<void> {
  const recordings = useSheetStore().items.filter(({ task }) => task === 'record')
  await send(groupChanges(recordings, () => ({ record: part })))
}

/** Changes where all that the sheet shows is written. Null: it was not taken; else the jobs of which the name cannot be made. */
export async function changeOutput(part: Partial<OutputChoice>): Promise<readonly RefusedJob[] | null> {
  const store = useSheetStore()
  const { items, defaults } = store
  if (items.some(({ id }) => id === null)) {
    const { name, collision, mirror } = { ...defaults.output, ...part }
    keepDefaults({ ...defaults, output: { name, collision, ...(mirror !== undefined && { mirror }) } })
  }
  const refused = await send(groupChanges(items, () => ({ output: part })))
  if (refused !== null && part.name !== undefined) {
    store.unnamed = new Map(refused.map((job) => [job.id, job]))
  }
  return refused
}

/** Writes beside each input again. */
export async function writeBesideInput(): Promise<void> {
  await moveTo(null)
}

/** Asks for a folder and writes there. False: none was chosen. Never rejects. */
export async function chooseFolder(): Promise<boolean> {
  const folder = await askForFile(chooseOutputFolder)
  if (folder === null) return false
  noteChosenFolder(folder)
  await moveTo(folder)
  return true
}

/** With it the folder can be given to files added next. */
export function noteChosenFolder(folder: FileRef): void {
  useSheetStore().chosenFolders.set(folder.path, folder)
}

async function moveTo(folder: FileRef | null): Promise<void> {
  const store = useSheetStore()
  const { items } = store
  if (items.some(({ id }) => id === null)) store.folder = folder
  await send(groupChanges(items, () => ({ output: { folder: folder?.token ?? null } })))
}

/** Asks for a list of events and takes these. False: none was chosen. Never rejects. */
export async function chooseList(): Promise<boolean> {
  const list = await askForFile(chooseListFile)
  if (list === null) return false
  await changeEvents({ kind: 'indices', file: list.token })
  return true
}

/** Null: nothing was chosen, or could be. Never rejects. */
export async function askForFile(ask: () => Promise<FileRef | null>): Promise<FileRef | null> {
  try {
    return await ask()
  } catch (error) {
    useSheetStore().failure = error instanceof Error ? error.message : String(error)
    return null
  }
}

/**
 * Makes the settings of the first rewrite shown those for the next files, without what belongs to one file alone. Nothing else does:
 * what is set for a job is for that job.
 */
export function setAsDefault(): void {
  const store = useSheetStore()
  const item = store.items.find(isRewrite)
  if (item === undefined) return
  const { template, collision, mirror, folder } = item.output
  const settings = fitForAnyFile(item.settings)
  // A name without these would be the same for every file.
  const name = /\{(stem|n)\}/.test(template) ? template : store.defaults.output.name
  keepDefaults({ version: 1, settings, output: { name, collision, mirror } })
  store.folder = folder === null ? null : (store.chosenFolders.get(folder) ?? null)
  store.notice = folder !== null && store.folder === null ? 'default-beside' : 'default-set'
}

/** Puts a text on the clipboard and tells the outcome. Never rejects. */
export async function copyText(text: string): Promise<void> {
  const store = useSheetStore()
  try {
    await navigator.clipboard.writeText(text)
    store.notice = 'copied'
  } catch {
    // The desktop may refuse the clipboard, for one while the window has no focus.
    store.notice = 'not-copied'
  }
}

/** Only of the settings for the next files themselves: those of a job stay with the job. */
function changeDefaults(
  rewrites: readonly RewriteItem[],
  partOf: (item: RewriteItem) => Partial<RewriteSettings> | null,
): void {
  const next = rewrites.find(({ id }) => id === null)
  if (next === undefined) return
  const { defaults } = useSheetStore()
  keepDefaults({ ...defaults, settings: { ...defaults.settings, ...partOf(next) } })
}

function wrap(task: 'rewrite' | 'record', part: Partial<RewriteSettings> | null): JobChange | null {
  if (part === null) return null
  return task === 'rewrite' ? { rewrite: part } : { record: part }
}

/** Nothing is lost by a refusal: the sheet goes on to show what main has. Null: refused; else the jobs that stay as they are. */
async function send(changes: readonly JobsChange[]): Promise<readonly RefusedJob[] | null> {
  const store = useSheetStore()
  const refused: RefusedJob[] = []
  try {
    for (const { ids, change } of changes) refused.push(...(await changeJobs(ids, change)).refused)
    store.failure = null
    return refused
  } catch (error) {
    store.failure = error instanceof Error ? error.message : String(error)
    return null
  }
}
