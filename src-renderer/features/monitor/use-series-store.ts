import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { JobProgress } from '../../../src-preload/contract.ts'
import { EMPTY_SERIES, type JobSeries, recordProgress } from './record-series.ts'

/** A series takes about 200 kB; the oldest go first. */
const MAX_SERIES = 32

/** What was told of each job's course, the latest jobs only. */
export const useSeriesStore = defineStore('series', () => {
  const byId = shallowReactive(new Map<string, JobSeries>())

  function record(id: string, progress: JobProgress): void {
    const series = recordProgress(byId.get(id) ?? EMPTY_SERIES, progress)
    // Set anew, it is the youngest in the map's order.
    if (series.recent.length === 1) byId.delete(id)
    byId.set(id, series)
    if (byId.size <= MAX_SERIES) return
    for (const oldest of [...byId.keys()].slice(0, byId.size - MAX_SERIES)) byId.delete(oldest)
  }

  /** Forgets the jobs that are not named. */
  function keepOnly(ids: ReadonlySet<string>): void {
    for (const id of [...byId.keys()]) if (!ids.has(id)) byId.delete(id)
  }

  return { byId, record, keepOnly }
})
