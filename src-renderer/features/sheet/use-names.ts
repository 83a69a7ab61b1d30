import { BridgeError, chooseOutputFolder, previewOutputs } from '../../bridge.ts'
import { type NamesDraft, useNamesStore } from './use-names-store.ts'
import { askForFile, changeOutput, noteChosenFolder } from './use-sheet.ts'
import { useSheetStore } from './use-sheet-store.ts'

/** So long nothing may be typed before main is asked. */
const PAUSE_MS = 150

let timer: ReturnType<typeof setTimeout> | undefined
let lastNumber = 0

/** Opens the look at the names of the jobs that the sheet shows. */
export function openNames(): void {
  const store = useNamesStore()
  store.ids = useSheetStore().items.flatMap(({ id }) => id ?? [])
  store.draft = {}
  store.previews = null
  store.failure = null
  void askNow()
}

/** Nothing of the draft is kept. */
export function closeNames(): void {
  clearTimeout(timer)
  lastNumber += 1
  useNamesStore().ids = null
}

/** Changes the draft; the names follow as soon as nothing more is typed. */
export function draftNames(part: NamesDraft): void {
  const store = useNamesStore()
  store.draft = { ...store.draft, ...part }
  store.isAsking = true
  clearTimeout(timer)
  timer = setTimeout(() => void askNow(), PAUSE_MS)
}

/** Asks for a folder, for the draft alone. Never rejects. */
export async function draftFolder(): Promise<void> {
  const folder = await askForFile(chooseOutputFolder)
  if (folder === null) return
  noteChosenFolder(folder)
  draftNames({ folder })
}

/** Gives the names to the jobs; those of which none can be made keep theirs. What is not taken is told, and the look stays open. Never rejects. */
export async function applyNames(): Promise<void> {
  const store = useNamesStore()
  if ((await changeOutput(store.part)) !== null) closeNames()
  else store.failure = useSheetStore().failure
}

/** Answers to what is no longer asked are not shown. */
async function askNow(): Promise<void> {
  const store = useNamesStore()
  lastNumber += 1
  const number = lastNumber
  store.isAsking = true
  try {
    const previews = await previewOutputs(store.ids ?? [], store.part)
    if (number !== lastNumber) return
    store.previews = previews
    store.failure = null
  } catch (error) {
    if (number !== lastNumber || (error instanceof BridgeError && error.code === 'E_CANCELLED')) return
    store.failure = error instanceof Error ? error.message : String(error)
  }
  store.isAsking = false
}
