import { expect, it } from 'vitest'
import type { FileView, IndexListView } from '../../../../src-preload/contract.ts'
import { listRefusals } from '../../../../src-renderer/features/sheet/list-refusals.ts'
import { isRewrite, toSheetItem } from '../../../../src-renderer/features/sheet/sheet-item.ts'
import { makeRow } from './row-samples.ts'
import { makeView } from './view-samples.ts'

it('jobs whose input has fewer events than their list asks for are named, with the line; unknown inputs are not', () => {
  const items = ['1', '2', '3'].map((id) => {
    const row = makeRow(id)
    return toSheetItem({ ...row, input: { token: id, path: `/data/${id}.rtdc` } })
  })
  const views: Record<string, FileView | undefined> = {
    ...{ 1: makeView({ events: 10 }), 2: makeView({ events: 500 }) },
  }
  const list: IndexListView = {
    ...{ path: '/data/rows.txt', count: 3, smallest: 0, largest: 12, problem: null },
    beyond: [{ eventCount: 10, line: 7, row: 12 }],
  }
  expect(listRefusals(items.filter(isRewrite), list, (token) => views[token] ?? null)).toEqual([
    { path: '/data/1.rtdc', eventCount: 10, line: 7, row: 12 },
  ])
})
