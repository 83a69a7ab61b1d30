import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { QueueRow } from '../../../src-preload/contract.ts'
import { formatBytes } from '../../ui/format-figures.ts'
import { useFileStore } from '../file/use-file-store.ts'
import { computeLastRates } from '../monitor/compute-rates.ts'
import { useSeriesStore } from '../monitor/use-series-store.ts'
import { computeJobShare, estimateRemainingSeconds } from './job-share.ts'
import { findKeptRecording } from '../result/list-result-actions.ts'
import { countSelected } from '../sheet/event-range.ts'
import { useIndexListsStore } from '../sheet/use-index-lists-store.ts'
import { hasFailed, isActive } from './row-actions.ts'
import { useQueueStore } from './use-queue-store.ts'

/** A rate over less than this jumps with every chunk. */
const RATE_SECONDS = 3

/** The figures of a row as they are shown; `row` is asked again whenever it may have changed. */
export function useRowFigures(row: () => QueueRow) {
  const { t } = useI18n()
  const queue = useQueueStore()
  const series = useSeriesStore()
  const files = useFileStore()
  const lists = useIndexListsStore()

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
  const total = computed(() => {
    const { life } = row()
    return (life.state === 'done' ? life.figures.content?.inputEvents : null) ?? view.value?.events ?? null
  })
  /** Events that the output has, or is to have; of what did not come to its end, those that were kept. */
  const events = computed(() => {
    const { life } = row()
    if (life.state === 'done') return life.figures.events
    if (hasFailed(row())) return findKeptRecording(row())?.events ?? null
    return life.checked?.totalEvents ?? countWanted(row(), view.value?.events ?? null)
  })
  /** Of how many, where they are not all; null: they are, or that is not known. */
  const allEvents = computed(() =>
    events.value === total.value || events.value === null ? null : total.value,
  )

  function countWanted({ job, indexFile }: QueueRow, known: number | null): number | null {
    if (known === null || job.task === 'record') return known
    const { events: wanted } = job
    const list = { kind: 'indices', file: indexFile?.token ?? '' } as const
    return countSelected(wanted, known, wanted.kind === 'indices' ? lists.countEvents(list) : null)
  }
  const sizes = computed(() => {
    const { life } = row()
    const isDone = life.state === 'done'
    const inputBytes = (isDone ? life.figures.inputBytes : null) ?? view.value?.bytes ?? null
    // An estimate of what did not come about is no figure any more.
    const estimatedBytes = hasFailed(row()) ? null : (life.checked?.estimatedBytes ?? null)
    const outputBytes = isDone ? life.figures.bytesWritten : estimatedBytes
    const output = outputBytes === null ? '' : formatBytes(outputBytes)
    return {
      input: inputBytes === null ? '' : formatBytes(inputBytes),
      output: output === '' ? '' : t(isDone ? 'queue.row.output' : 'queue.row.outputAbout', { size: output }),
      hint: output === '' ? undefined : t(isDone ? 'queue.row.outputHint' : 'queue.row.outputAboutHint'),
    }
  })
  return { isRunning, progress, share, rate, remainingSeconds, events, allEvents, sizes }
}
