import { describe, expect, it } from 'vitest'
import { listMetadata } from '../../../../src-renderer/features/sheet/metadata-parts.ts'
import { shareValue } from '../../../../src-renderer/features/sheet/shared-value.ts'
import { FIRST_DEFAULTS } from '../../../../src-renderer/features/sheet/sheet-defaults.ts'
import { groupChanges, toSheetItem } from '../../../../src-renderer/features/sheet/sheet-item.ts'
import { makeRow } from './row-samples.ts'
import { makeView } from './view-samples.ts'

describe('what jobs have in common', () => {
  it('is compared by content', () => {
    expect(shareValue([{ level: 5 }, { level: 5 }])).toEqual({ value: { level: 5 } })
    expect(shareValue([{ level: 5 }, { level: 6 }])).toBeNull()
    expect(shareValue([null, null])).toEqual({ value: null })
    expect(shareValue([])).toBeNull()
  })
})

describe('a job in the sheet', () => {
  it('is written beside its input where folder and input agree', () => {
    expect(toSheetItem(makeRow('1')).output).toEqual({
      folder: null,
      template: '{stem}_weir',
      collision: 'refuse',
    })
    expect(toSheetItem(makeRow('1', { output: '/out/x.rtdc' })).output).toMatchObject({
      folder: '/out',
      template: 'x',
    })
  })

  it('has no paths among its settings', () => {
    expect(toSheetItem(makeRow('1')).settings).toEqual(FIRST_DEFAULTS.settings)
  })
})

describe('a change of several jobs', () => {
  const items = ['1', '2', '3'].map((id) => toSheetItem(makeRow(id)))

  it('is one request where they change alike', () => {
    const change = { rewrite: { verify: 'none' } } as const
    expect(groupChanges(items, () => change)).toEqual([{ ids: ['1', '2', '3'], change }])
  })

  it('is a request for each kind of change, and none for those without', () => {
    const changes = groupChanges(items, ({ id }) =>
      id === '2' ? null : { rewrite: { threads: id === '1' ? 1 : 3 } },
    )
    expect(changes.map(({ ids }) => ids)).toEqual([['1'], ['3']])
  })
})

describe('the metadata of several files', () => {
  it('names each once, with the files that have it and those where it is empty', () => {
    const first = makeView({
      logs: [
        { name: 'a', lineCount: 3 },
        { name: 'b', lineCount: 0 },
      ],
    })
    const second = makeView({ logs: [{ name: 'b', lineCount: 1 }] })
    expect(listMetadata([first, second], 'logs')).toEqual([
      { name: 'a', fileCount: 1, emptyCount: 0 },
      { name: 'b', fileCount: 2, emptyCount: 1 },
    ])
  })

  it('counts a table without rows as empty', () => {
    const table = { name: 't', shape: [0], columns: ['x'], attributes: [] }
    expect(listMetadata([makeView({ tables: [table] })], 'tables')[0]?.emptyCount).toBe(1)
  })
})
