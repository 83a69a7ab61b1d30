import type { ComposerTranslation } from 'vue-i18n'
import type { OutcomeFigures, QueueRow } from '../../../src-preload/contract.ts'
import { assertNever } from '../../assert-never.ts'
import { formatCount, formatTimeOfDay } from '../../ui/format-figures.ts'
import { findGrowing, judgeDone } from '../result/judge-content.ts'

/** How a job that is done ended, in the few words that a row has room for. */
export function describeDone(row: QueueRow, figures: OutcomeFigures, t: ComposerTranslation): string {
  const kind = judgeDone(row, figures)
  switch (kind) {
    case 'growing': {
      const time = findGrowing(row)?.time
      if (time === undefined) return t('queue.row.growingUntimed')
      return t('queue.row.growing', { time: formatTimeOfDay(time) })
    }
    case 'stopped': {
      const { frames = 0, totalFrames = 0 } = figures.recording ?? {}
      return t('queue.row.stopped', { frames: formatCount(frames), total: formatCount(totalFrames) })
    }
    case 'unverified':
      return t('queue.row.notVerified')
    case 'kept':
      return t('queue.row.keptVerified')
    case 'verified':
      return t('queue.row.verified')
    default:
      return assertNever(kind)
  }
}
