import { moveRows, removeRows, startOrHoldRows } from './use-row-commands.ts'
import { selectRows, stepFrom } from './select-rows.ts'
import { useQueueStore } from './use-queue-store.ts'

interface QueueKeyOptions {
  /** Rows that a page has. */
  readonly pageRows: number
  readonly openMenu: () => void
}

/** What a key does in the queue; true: it was one of the queue's keys. */
export function handleQueueKey(event: KeyboardEvent, { pageRows, openMenu }: QueueKeyOptions): boolean {
  const { selectedRows } = useQueueStore()
  const hasControl = event.ctrlKey || event.metaKey
  if (event.altKey) return moveByKey(event.key)
  switch (event.key) {
    case 'ArrowUp':
      return walk(-1, event)
    case 'ArrowDown':
      return walk(1, event)
    case 'PageUp':
      return walk(-pageRows, event)
    case 'PageDown':
      return walk(pageRows, event)
    case 'Home':
      return walk(-Infinity, event)
    case 'End':
      return walk(Infinity, event)
    case 'a':
      return hasControl && mark('all')
    case 'Escape':
      return mark('none')
    case ' ':
      void startOrHoldRows(selectedRows)
      return true
    case 'Delete':
      void removeRows(selectedRows)
      return true
    case 'ContextMenu':
      openMenu()
      return true
    case 'F10':
      if (event.shiftKey) openMenu()
      return event.shiftKey
    default:
      return false
  }
}

function moveByKey(key: string): boolean {
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return false
  void moveRows(useQueueStore().selectedRows, key === 'ArrowUp' ? -1 : 1)
  return true
}

function walk(places: number, { shiftKey }: KeyboardEvent): boolean {
  const store = useQueueStore()
  const id = stepFrom(store.order, store.activeId, places)
  if (id === null) return false
  store.selection = selectRows(store.order, store.selection, { kind: shiftKey ? 'extend' : 'only', id })
  return true
}

function mark(kind: 'all' | 'none'): true {
  const store = useQueueStore()
  store.selection = selectRows(store.order, store.selection, { kind })
  return true
}
