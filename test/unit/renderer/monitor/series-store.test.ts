import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import { effectScope } from 'vue'
import { pickShownRow } from '../../../../src-renderer/features/monitor/pick-shown-row.ts'
import { useSeriesStore } from '../../../../src-renderer/features/monitor/use-series-store.ts'
import { followSeries } from '../../../../src-renderer/features/monitor/use-series.ts'
import { useQueueStore } from '../../../../src-renderer/features/queue/use-queue-store.ts'
import { makeProgress } from '../make-progress.ts'
import { lives, makeFailure, makeRow } from '../make-row.ts'

beforeEach(() => setActivePinia(createPinia()))

describe('the series of all jobs', () => {
  test('take in each progress of a running job, also two within one turn', () => {
    const queue = useQueueStore()
    queue.setRow(makeRow({ life: lives.running }))
    queue.setOrder(['a'])
    const scope = effectScope()
    scope.run(followSeries)
    queue.progressById.set('a', makeProgress({ seconds: 1 }))
    queue.progressById.set('a', makeProgress({ seconds: 2 }))
    expect(
      useSeriesStore()
        .byId.get('a')
        ?.recent.map(({ seconds }) => seconds),
    ).toEqual([1, 2])
    scope.stop()
    queue.progressById.set('a', makeProgress({ seconds: 3 }))
    expect(useSeriesStore().byId.get('a')?.recent).toHaveLength(2)
  })

  test('are bounded: of many jobs the latest stay', () => {
    const store = useSeriesStore()
    for (let job = 0; job < 100; job++) store.record(`job ${job}`, makeProgress())
    expect(store.byId.size).toBe(32)
    expect([...store.byId.keys()].at(-1)).toBe('job 99')
  })

  test('forget a job that left the queue', () => {
    const store = useSeriesStore()
    store.record('a', makeProgress())
    store.record('b', makeProgress())
    store.keepOnly(new Set(['b']))
    expect([...store.byId.keys()]).toEqual(['b'])
  })
})

describe('the job that is shown', () => {
  const waiting = makeRow({ id: 'waiting' })
  const first = makeRow({ id: 'first', life: lives.running })
  const second = makeRow({ id: 'second', life: lives.running })
  const failed = makeRow({ id: 'failed', life: { ...makeFailure('E_IO'), progress: makeProgress() } })
  const rows = [waiting, first, second, failed]

  test('is the selected one if it runs, else the first that runs', () => {
    expect(pickShownRow(rows, [second])?.id).toBe('second')
    expect(pickShownRow(rows, [waiting])?.id).toBe('first')
    expect(pickShownRow(rows, [])?.id).toBe('first')
  })

  test('is a selected one that ran when none runs any more, else none', () => {
    expect(pickShownRow([waiting, failed], [failed])?.id).toBe('failed')
    expect(pickShownRow([waiting, failed], [waiting])).toBeUndefined()
  })
})
