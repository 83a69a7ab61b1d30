import type { FoundFiles } from '../../../src-preload/contract.ts'
import {
  addRewrites,
  chooseFiles,
  chooseInputFolder,
  makeSample,
  takeDropped,
  takeOpened,
} from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { useNoticesStore } from '../notices/use-notices-store.ts'
import { useSheetStore } from '../sheet/use-sheet-store.ts'
import { useAddingStore } from './use-adding-store.ts'
import { useQueueStore } from './use-queue-store.ts'

/** Files become jobs that wait, with the settings for files added next. None of these rejects: what goes wrong is a notice. */

export async function addChosenFiles(): Promise<void> {
  await addFrom(chooseFiles)
}

export async function addChosenFolder(): Promise<void> {
  await addFrom(chooseInputFolder)
}

export async function addDropped(files: readonly File[]): Promise<void> {
  await addFrom(() => takeDropped(files))
}

/** Files that came by the command line or the desktop before the window was there. */
export async function addOpened(): Promise<void> {
  await addFrom(takeOpened)
}

/** The simulated measurement; it takes some seconds to make when it is first asked for. */
export async function addSample(): Promise<void> {
  const adding = useAddingStore()
  if (adding.isMakingSample) return
  adding.isMakingSample = true
  await addFrom(async () => ({ files: [await makeSample()], refused: [] }))
  adding.isMakingSample = false
}

/** Puts the files at the end of the queue and marks them, so that settings and start go to all of them. */
export async function addFound({ files, refused }: FoundFiles): Promise<void> {
  tellRefused(refused)
  if (files.length === 0) return
  const draft = useSheetStore().draftRewrites(files.map(({ token }) => token))
  const added = await attempt(() => addRewrites(draft))
  if (added === null) return
  tellRefused(added.refused)
  useAddingStore().addedIds = added.ids
  markAdded()
}

/** Marks what was added, once its rows are there: they come as events, before the answer or after it. */
export function markAdded(): void {
  const { addedIds } = useAddingStore()
  const queue = useQueueStore()
  if (addedIds.length === 0 || !addedIds.every((id) => queue.byId.has(id))) return
  useAddingStore().addedIds = []
  queue.select(addedIds)
}

async function addFrom(find: () => Promise<FoundFiles>): Promise<void> {
  const found = await attempt(find)
  if (found !== null) await addFound(found)
}

function tellRefused(refused: FoundFiles['refused']): void {
  if (refused.length === 0) return
  useNoticesStore().add(
    'refused',
    refused.map(({ path, message }) => ({ path, message })),
  )
}
