import { onMounted, onScopeDispose, type ShallowRef, shallowRef, type TemplateRef } from 'vue'
import type { ChartColours } from './chart-options.ts'
import { readColours } from './read-colours.ts'

/** The page's colours, read anew when the theme changes; null before the probe is on the page. */
export function useColours(probe: TemplateRef<HTMLElement>): Readonly<ShallowRef<ChartColours | null>> {
  const colours = shallowRef<ChartColours | null>(null)
  const desktop = matchMedia('(prefers-color-scheme: dark)')
  const read = (): void => {
    if (probe.value !== null) colours.value = readColours(probe.value)
  }
  const observer = new MutationObserver(read)
  onMounted(() => {
    read()
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  })
  desktop.addEventListener('change', read)
  onScopeDispose(() => {
    observer.disconnect()
    desktop.removeEventListener('change', read)
  })
  return colours
}
