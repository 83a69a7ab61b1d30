import type { ComposerTranslation } from 'vue-i18n'
import { formatDuration } from '../../ui/format-figures.ts'
import { roundRemaining } from './job-share.ts'

/** As `about 25 s left`. */
export function formatRemaining(seconds: number, t: ComposerTranslation): string {
  const rounded = roundRemaining(seconds)
  const time = rounded < 10 ? `${rounded}\u00a0s` : formatDuration(rounded)
  return t('queue.remaining', { time })
}
