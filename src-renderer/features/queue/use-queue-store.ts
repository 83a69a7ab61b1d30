import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { JobProgress, QueueRow } from '../../../src-preload/contract.ts'

/** The queue as main told it, and what the user marked in it. State only: what is asked of main lives in `use-queue.ts`. */
export const useQueueStore = defineStore('queue', () => {
  const byId = shallowReactive(new Map<string, QueueRow>())
  /** Figures of running jobs; they come often and alone. */
  const progressById = shallowReactive(new Map<string, JobProgress>())
  const order = shallowRef<readonly string[]>([])
  const selectedIds = shallowRef<ReadonlySet<string>>(new Set())
  const jobsAtOnce = ref(1)
  /** Of the last event or snapshot that was taken in; null: there was none yet. */
  const sequence = ref<number | null>(null)

  const rows = computed(() => order.value.flatMap((id) => byId.get(id) ?? []))
  const selectedRows = computed(() => rows.value.filter(({ id }) => selectedIds.value.has(id)))

  function setRow(row: QueueRow): void {
    byId.set(row.id, row)
    if (row.life.progress === null) progressById.delete(row.id)
    else progressById.set(row.id, row.life.progress)
  }

  /** Rows that are not named are forgotten. */
  function setOrder(ids: readonly string[]): void {
    const kept = new Set(ids)
    for (const id of [...byId.keys()].filter((known) => !kept.has(known))) {
      byId.delete(id)
      progressById.delete(id)
    }
    order.value = ids
    select([...selectedIds.value].filter((id) => kept.has(id)))
  }

  function select(ids: readonly string[]): void {
    selectedIds.value = new Set(ids)
  }

  return {
    ...{ rows, byId, progressById, selectedIds, selectedRows, jobsAtOnce, sequence },
    ...{ setRow, setOrder, select },
  }
})
