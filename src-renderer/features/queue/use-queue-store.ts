import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { JobProgress, QueueRow } from '../../../src-preload/contract.ts'
import type { Selection } from './select-rows.ts'

/** The queue as main told it, and what the user marked in it. State only: what is asked of main lives in `use-*.ts`. */
export const useQueueStore = defineStore('queue', () => {
  const byId = shallowReactive(new Map<string, QueueRow>())
  /** Figures of running jobs; they come often and alone. */
  const progressById = shallowReactive(new Map<string, JobProgress>())
  const order = shallowRef<readonly string[]>([])
  const selection = shallowRef<Selection>({ ids: new Set(), activeId: null, anchorId: null })
  const jobsAtOnce = ref(1)
  /** Of the last event or snapshot that was taken in; null: there was none yet. */
  const sequence = ref<number | null>(null)
  /** Why the queue could not be read. */
  const failure = ref<string | null>(null)

  const rows = computed(() => order.value.flatMap((id) => byId.get(id) ?? []))
  const selectedIds = computed(() => selection.value.ids)
  const selectedRows = computed(() => rows.value.filter(({ id }) => selectedIds.value.has(id)))
  const activeId = computed(() => selection.value.activeId)

  function setRow(row: QueueRow): void {
    byId.set(row.id, row)
    if (row.life.progress === null) progressById.delete(row.id)
    else progressById.set(row.id, row.life.progress)
  }

  /** Rows that are not named are forgotten; where all that was marked went, the row that took its place is marked. */
  function setOrder(ids: readonly string[]): void {
    const kept = new Set(ids)
    const gone = [...byId.keys()].filter((known) => !kept.has(known))
    const before = order.value
    for (const id of gone) {
      byId.delete(id)
      progressById.delete(id)
    }
    order.value = ids
    if (gone.length > 0) dropFromSelection(kept, before)
  }

  function dropFromSelection(kept: ReadonlySet<string>, before: readonly string[]): void {
    const { ids, activeId: active } = selection.value
    const left = [...ids].filter((id) => kept.has(id))
    if (left.length > 0 || ids.size === 0) return select(left)
    const place = before.indexOf(active ?? '')
    const next = before.slice(place).find((id) => kept.has(id)) ?? before.findLast((id) => kept.has(id))
    select(next === undefined ? [] : [next])
  }

  /** Marks these; the keyboard goes to the first of them, unless it is on one of them. */
  function select(ids: readonly string[]): void {
    const { activeId: active } = selection.value
    const next = active !== null && ids.includes(active) ? active : (ids[0] ?? null)
    selection.value = { ids: new Set(ids), activeId: next, anchorId: next }
  }

  return {
    ...{ rows, byId, order, progressById, jobsAtOnce, sequence, failure },
    ...{ selection, selectedIds, selectedRows, activeId },
    ...{ setRow, setOrder, select },
  }
})
