import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { QueueRow } from '../../../../src-preload/contract.ts'
import { useQueueStore } from '../../../../src-renderer/features/queue/use-queue-store.ts'
import { useSheetStore } from '../../../../src-renderer/features/sheet/use-sheet-store.ts'
import { makeRow } from './row-samples.ts'

beforeEach(() => setActivePinia(createPinia()))

function fillQueue(rows: readonly QueueRow[], selected: readonly string[]): void {
  const queue = useQueueStore()
  for (const row of rows) queue.setRow(row)
  queue.setOrder(rows.map(({ id }) => id))
  queue.select(selected)
}

const ended: QueueRow = {
  ...makeRow('ended'),
  life: { ...makeRow('ended').life, state: 'starting', isStopping: false },
}

describe('what the sheet acts on', () => {
  it('is files added next while nothing is selected', () => {
    fillQueue([makeRow('1')], [])
    expect(useSheetStore().items.map(({ id }) => id)).toEqual([null])
    expect(useSheetStore().isReadOnly).toBe(false)
  })

  it('is those of the selected jobs that wait', () => {
    fillQueue([makeRow('1'), ended, makeRow('2')], ['1', 'ended'])
    expect(useSheetStore().items.map(({ id }) => id)).toEqual(['1'])
    expect(useSheetStore().isReadOnly).toBe(false)
  })

  it('is only shown where none of the selected jobs waits', () => {
    fillQueue([makeRow('1'), ended], ['ended'])
    expect(useSheetStore().items.map(({ id }) => id)).toEqual(['ended'])
    expect(useSheetStore().isReadOnly).toBe(true)
  })

  it('follows a job that begins to run', () => {
    fillQueue([makeRow('1')], ['1'])
    useQueueStore().setRow({ ...ended, id: '1' })
    expect(useSheetStore().isReadOnly).toBe(true)
  })
})
