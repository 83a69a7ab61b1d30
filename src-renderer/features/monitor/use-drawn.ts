import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'

const DRAW_INTERVAL_MS = 200

/** Follows a value at most five times a second, and not while the window is hidden. */
export function useDrawn<Value>(source: () => Value): Readonly<ShallowRef<Value>> {
  const drawn = shallowRef(source())
  let timer: ReturnType<typeof setTimeout> | undefined
  const draw = (): void => {
    timer = undefined
    if (!document.hidden) drawn.value = source()
  }
  watch(source, () => (timer ??= setTimeout(draw, DRAW_INTERVAL_MS)))
  document.addEventListener('visibilitychange', draw)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', draw)
  })
  return drawn
}
