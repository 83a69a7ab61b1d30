import { defineStore } from 'pinia'
import { ref } from 'vue'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The theme that the user chose; `system` follows the desktop. */
export const useThemeStore = defineStore('theme', () => {
  const theme = ref<Theme>('system')
  return { theme }
})
