import type { QueueRow, RefusedFile } from '../../../src-preload/contract.ts'
import { addRecording, cancelJobs, chooseFiles, chooseOutputFolder, stopRecording } from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { useNoticesStore } from '../notices/use-notices-store.ts'
import { canAbort, canStopRecording } from '../queue/row-actions.ts'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { makeRecordDraft } from './record-draft.ts'
import { useRecordStore } from './use-record-store.ts'

/** What the form and the buttons of a recording ask of main; what it refuses becomes a notice. None of these rejects. */

/** Starts the form with the selected measurement, where it has none yet. */
export function proposeSource(): void {
  const store = useRecordStore()
  const selected = useQueueStore().selectedRows.find(({ input }) => input !== null)
  if (store.input.file === null && selected !== undefined) store.change({ file: selected.input })
}

/** Asks the user for the measurement to replay; the first one counts. */
export async function chooseSource(): Promise<void> {
  const found = await attempt(chooseFiles)
  if (found === null) return
  tellRefused(found.refused)
  const file = found.files[0]
  if (file !== undefined) useRecordStore().change({ file })
}

export async function chooseFolder(): Promise<void> {
  const folder = await attempt(chooseOutputFolder)
  if (folder !== null) useRecordStore().change({ folder })
}

/** Puts the recording into the queue and selects it. Was it taken? */
export async function addToQueue(): Promise<boolean> {
  const draft = makeRecordDraft(useRecordStore().input)
  if (draft === null) return false
  const added = await attempt(() => addRecording(draft))
  if (added === null) return false
  tellRefused(added.refused)
  if (added.ids.length === 0) return false
  useQueueStore().select(added.ids)
  return true
}

/** Ends a recording in good order. */
export async function stop(id: string): Promise<void> {
  await attempt(() => stopRecording(id))
}

/** Asks the user before a recording ends at once. */
export function askToAbort(rows: readonly QueueRow[]): void {
  useRecordStore().abortedIds = rows.filter(canAbort).map(({ id }) => id)
}

export type AbortAnswer = 'abort' | 'stop' | 'go-on'

/** The answer to that; those that have ended meanwhile are left alone. */
export async function answerAbort(answer: AbortAnswer): Promise<void> {
  const store = useRecordStore()
  const rows = store.abortedIds.flatMap((id) => useQueueStore().byId.get(id) ?? []).filter(canAbort)
  store.abortedIds = []
  if (answer === 'stop') for (const row of rows.filter(canStopRecording)) await stop(row.id)
  if (answer === 'abort' && rows.length > 0) await attempt(() => cancelJobs(rows.map(({ id }) => id)))
}

function tellRefused(refused: readonly RefusedFile[]): void {
  if (refused.length > 0) useNoticesStore().add('refused', refused)
}
