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
      mirror: false,
    })
    expect(toSheetItem(makeRow('1', { output: '/out/x.rtdc' })).output).toMatchObject({
      folder: '/out',
      template: 'x',
    })
  })

  it('is not called by the number it has because another one took its name', () => {
    const row = { ...makeRow('1', { output: '/out/x_2.rtdc' }), wantedName: 'x.rtdc' }
    expect(toSheetItem(row).output.template).toBe('x')
  })

  it('is written to the chosen folder where the folders of its input are kept below that', () => {
    const row = makeRow('1', { output: '/out/day/chip/x.rtdc', outputRoot: '/out' })
    expect(toSheetItem(row).output).toMatchObject({ folder: '/out', mirror: true })
  })

  it('names its list of events by the token', () => {
    const indexFile = { token: '3b241101-e2bb-4255-8caf-4136c566a962', path: '/data/rows.txt' }
    const row = { ...makeRow('1', { events: { kind: 'indices', file: indexFile.path } }), indexFile }
    const item = toSheetItem(row)
    expect(item.task === 'rewrite' && item.settings.events).toEqual({
      kind: 'indices',
      file: indexFile.token,
    })
    expect(item.indexFile).toEqual(indexFile)
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
