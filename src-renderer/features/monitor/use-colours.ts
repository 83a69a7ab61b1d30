import {
  nextTick,
  onMounted,
  onScopeDispose,
  type ShallowRef,
  shallowRef,
  type TemplateRef,
  watch,
} from 'vue'
import { useThemeStore } from '../theme/use-theme-store.ts'
import type { ChartColours } from './chart-options.ts'
import { readColours } from './read-colours.ts'

/** The page's colours, read anew when the theme changes; null before the probe is on the page. */
export function useColours(probe: TemplateRef<HTMLElement>): Readonly<ShallowRef<ChartColours | null>> {
  const colours = shallowRef<ChartColours | null>(null)
  const theme = useThemeStore()
  const desktop = matchMedia('(prefers-color-scheme: dark)')
  const read = (): void => {
    if (probe.value !== null) colours.value = readColours(probe.value)
  }
  onMounted(read)
  // The theme is on the page only after the store has it.
  watch(
    () => theme.theme,
    () => void nextTick(read),
  )
  desktop.addEventListener('change', read)
  onScopeDispose(() => desktop.removeEventListener('change', read))
  return colours
}
