import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { QueueRow } from '../../../src-preload/contract.ts'
import { formatBytes } from '../../ui/format-figures.ts'
import { useFileStore } from '../file/use-file-store.ts'
import { computeLastRates } from '../monitor/compute-rates.ts'
import { useSeriesStore } from '../monitor/use-series-store.ts'
import { computeJobShare, estimateRemainingSeconds } from './job-share.ts'
import { isActive } from './row-actions.ts'
import { useQueueStore } from './use-queue-store.ts'

/** A rate over less than this jumps with every chunk. */
const RATE_SECONDS = 3

/** The figures of a row as they are shown; `row` is asked again whenever it may have changed. */
export function useRowFigures(row: () => QueueRow) {
  const { t } = useI18n()
  const queue = useQueueStore()
  const series = useSeriesStore()
  const files = useFileStore()

  const isRunning = computed(() => isActive(row()))
  const progress = computed(() => queue.progressById.get(row().id) ?? null)
  const share = computed(() => computeJobShare(row(), progress.value ?? undefined))
  /** What is written, or read back, a second. */
  const rate = computed(() => {
    const { recent } = series.byId.get(row().id) ?? { recent: [] }
    if (recent.length < 2) return null
    const rates = computeLastRates(recent, RATE_SECONDS)
    return progress.value?.phase === 'verify' ? rates.verifiedBytes : rates.outBytes
  })
  const remainingSeconds = computed(() => estimateRemainingSeconds(share.value, progress.value?.seconds ?? 0))

  const view = computed(() => files.readView(row().input?.token ?? ''))
  const events = computed(() => {
    const { life } = row()
    if (life.state === 'done') return life.figures.events
    return life.checked?.totalEvents ?? view.value?.events ?? null
  })
  const sizes = computed(() => {
    const { life } = row()
    const isDone = life.state === 'done'
    const inputBytes = (isDone ? life.figures.inputBytes : null) ?? view.value?.bytes ?? null
    const outputBytes = isDone ? life.figures.bytesWritten : (life.checked?.estimatedBytes ?? null)
    const output = outputBytes === null ? '' : formatBytes(outputBytes)
    return {
      input: inputBytes === null ? '' : formatBytes(inputBytes),
      output: output === '' ? '' : t(isDone ? 'queue.row.output' : 'queue.row.outputAbout', { size: output }),
      hint: output === '' ? undefined : t(isDone ? 'queue.row.outputHint' : 'queue.row.outputAboutHint'),
    }
  })
  return { isRunning, progress, share, rate, remainingSeconds, events, sizes }
}
