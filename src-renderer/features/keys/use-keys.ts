import { addChosenFiles, addChosenFolder } from '../queue/use-add-files.ts'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { startRows } from '../queue/use-start.ts'
import { useKeysStore } from './use-keys-store.ts'

/** The keys that work everywhere in the window; those of the queue live with its table. */
export function followKeys(target: Document): void {
  target.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || target.querySelector('dialog[open]') !== null) return
    const act = findAction(event)
    if (act === null) return
    event.preventDefault()
    act()
  })
}

function findAction(event: KeyboardEvent): (() => void) | null {
  const { key, shiftKey, target } = event
  if (key === 'F1' || (key === '?' && !isTyping(target))) return openList
  if (!event.ctrlKey && !event.metaKey) return null
  if (key.toLowerCase() === 'o') return () => void (shiftKey ? addChosenFolder() : addChosenFiles())
  if (key === 'Enter') return startMarked
  return null
}

function openList(): void {
  useKeysStore().isListOpen = true
}

function startMarked(): void {
  const { selectedRows, rows } = useQueueStore()
  void startRows(selectedRows.length > 0 ? selectedRows : rows)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
