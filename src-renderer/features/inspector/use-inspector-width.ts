import { MAX_INSPECTOR_WIDTH, MIN_INSPECTOR_WIDTH, useInspectorStore } from './use-inspector-store.ts'

const storageKey = 'weir.inspector-width'

/** Takes up the width of the last start. */
export function restoreInspectorWidth(): void {
  const kept = localStorage.getItem(storageKey)
  if (kept !== null && Number.isFinite(Number(kept))) setInspectorWidth(Number(kept))
}

export function setInspectorWidth(width: number): void {
  const fitting = Math.round(Math.min(MAX_INSPECTOR_WIDTH, Math.max(MIN_INSPECTOR_WIDTH, width)))
  useInspectorStore().width = fitting
  localStorage.setItem(storageKey, String(fitting))
}
