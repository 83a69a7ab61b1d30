import type { WindowEvent } from '../../../src-preload/contract.ts'
import { onWindowEvent, readQueue } from '../../bridge.ts'
import { useNoticesStore } from '../notices/use-notices-store.ts'
import { applyEvent, applySnapshot } from './apply-event.ts'
import { addFound, markAdded } from './use-add-files.ts'
import { useQueueStore } from './use-queue-store.ts'

/** Events come up to ten times a second a job, and by the thousand when many jobs are started: the page is drawn once for all of them. */
const GATHER_MS = 30

/** Keeps the store equal to main's queue from now on. A queue that cannot be read is told in the store; never rejects. */
export async function followQueue(): Promise<void> {
  let gathered: WindowEvent[] = []
  let isReady = false
  let isDue = false
  function takeIn(): void {
    isDue = false
    const events = gathered
    gathered = []
    for (const event of events) hear(event)
    markAdded()
  }
  function plan(): void {
    if (!isReady || isDue || gathered.length === 0) return
    isDue = true
    setTimeout(takeIn, GATHER_MS)
  }
  onWindowEvent((event) => {
    gathered.push(event)
    plan()
  })
  const store = useQueueStore()
  try {
    applySnapshot(await readQueue())
    isReady = true
    plan()
  } catch (error) {
    store.failure = error instanceof Error ? error.message : String(error)
  }
}

function hear(event: WindowEvent): void {
  applyEvent(event)
  if (event.kind === 'files-opened') void addFound({ files: event.files, refused: [] })
  if (event.kind === 'notice') {
    const { path, message } = event.warning
    useNoticesStore().add('warned', [{ path: path === '' ? null : path, message }])
  }
}
