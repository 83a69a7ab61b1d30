import { computed } from 'vue'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { computeLastRates, NO_RATES } from './compute-rates.ts'
import { computePhaseShare, estimateRemainingSeconds } from './estimate-remaining.ts'
import { judgeFill } from './judge-fill.ts'
import { judgeLimit } from './judge-limit.ts'
import { isActive, pickShownRow } from './pick-shown-row.ts'
import { EMPTY_SERIES } from './record-series.ts'
import { useSeriesStore } from './use-series-store.ts'

/** The job that the monitor shows, and what is worked out of its figures. */
export function useShownJob() {
  const queue = useQueueStore()
  const seriesStore = useSeriesStore()
  const row = computed(() => pickShownRow(queue.rows, queue.selectedRows) ?? null)
  const isRunning = computed(() => row.value !== null && isActive(row.value))
  const progress = computed(() => queue.progressById.get(row.value?.id ?? '') ?? null)
  const series = computed(() => seriesStore.byId.get(row.value?.id ?? '') ?? EMPTY_SERIES)
  const fill = computed(() => judgeFill(progress.value))
  const rates = computed(() => (isRunning.value ? computeLastRates(series.value.recent) : NO_RATES))
  const isPaced = computed(() => row.value?.job.task === 'record' && row.value.job.source.rate !== null)
  const limit = computed(() => judgeLimit({ recent: series.value.recent, isPaced: isPaced.value }))
  const phaseShare = computed(() => (progress.value === null ? null : computePhaseShare(progress.value)))
  const remainingSeconds = computed(() => {
    if (progress.value === null || !isRunning.value) return null
    return estimateRemainingSeconds(progress.value, series.value.phaseStarts[progress.value.phase] ?? 0)
  })
  return { row, isRunning, progress, series, fill, rates, limit, phaseShare, remainingSeconds }
}

export type ShownJob = ReturnType<typeof useShownJob>
