import { createI18n } from 'vue-i18n'
import { en } from './en.ts'

/** The texts of the window as a Vue plugin; English so far. */
export function createTexts() {
  return createI18n({ legacy: false, locale: 'en', messages: { en } })
}
