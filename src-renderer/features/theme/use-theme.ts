import { type Theme, themes, useThemeStore } from './use-theme-store.ts'

const storageKey = 'weir.theme'

/** Shows the page in this theme and remembers it for the next start. */
export function chooseTheme(theme: Theme): void {
  useThemeStore().theme = theme
  document.documentElement.dataset['theme'] = theme
  localStorage.setItem(storageKey, theme)
}

/** Takes up the theme of the last start; anything else that is stored counts as `system`. */
export function restoreTheme(): void {
  const stored = localStorage.getItem(storageKey)
  chooseTheme(themes.find((theme) => theme === stored) ?? 'system')
}
