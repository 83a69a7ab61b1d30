import { computed, watch } from 'vue'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { isActive } from './pick-shown-row.ts'
import { useSeriesStore } from './use-series-store.ts'

/** Keeps a series for every job that runs, for as long as the component lives that calls it. */
export function followSeries(): void {
  const queue = useQueueStore()
  const series = useSeriesStore()
  const activeIds = computed(() => queue.rows.filter(isActive).map(({ id }) => id))
  watch(
    () => activeIds.value.map((id) => [id, queue.progressById.get(id)] as const),
    (now, before) => {
      const known = new Map(before)
      for (const [id, progress] of now) {
        if (progress !== undefined && known.get(id) !== progress) series.record(id, progress)
      }
    },
    // Two messages in one tick would otherwise be one sample.
    { immediate: true, flush: 'sync' },
  )
  watch(
    () => queue.rows.length,
    () => series.keepOnly(new Set(queue.rows.map(({ id }) => id))),
  )
}
