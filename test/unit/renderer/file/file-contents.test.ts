import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { describeDtype } from '../../../../src-renderer/features/file/describe-dtype.ts'
import { listSections, summarizeFile } from '../../../../src-renderer/features/file/file-summary.ts'
import { isEmptyView, searchContents } from '../../../../src-renderer/features/file/search-contents.ts'
import { MOST_FILES, useFileStore } from '../../../../src-renderer/features/file/use-file-store.ts'
import { makeView } from '../sheet/view-samples.ts'

beforeEach(() => setActivePinia(createPinia()))

describe('the type of a dataset', () => {
  it('is said in words where there are some', () => {
    expect(['<f8', '|u1', '<i2', '>u4'].map(describeDtype)).toEqual(['float64', 'uint8', 'int16', 'uint32'])
    expect(['bool', 'object', '|S10'].map(describeDtype)).toEqual(['bool', 'object', '|S10'])
    expect(describeDtype(null)).toBe('group')
  })
})

describe('the summary of a file', () => {
  it('says only what the file says, but always events and identifier', () => {
    const view = makeView({
      events: null,
      identifier: null,
      attributes: [{ name: 'experiment:sample', text: ' ' }],
    })
    expect(summarizeFile(view).map(({ key, text }) => [key, text])).toEqual([
      ['events', null],
      ['bytes', '1.02\u00a0MB'],
      ['identifier', null],
    ])
  })

  it('joins date and time', () => {
    const attributes = [
      { name: 'experiment:time', text: '10:04:03' },
      { name: 'experiment:date', text: '2018-12-11' },
    ]
    expect(summarizeFile(makeView({ attributes }))).toContainEqual({
      key: 'date',
      text: '2018-12-11, 10:04:03',
    })
  })

  it('puts attributes under their sections, also those without one', () => {
    const attributes = ['setup:medium', 'odd', 'setup:a:b'].map((name) => ({ name, text: '' }))
    expect(
      listSections(attributes).map(({ name, attributes: list }) => [name, list.map(({ key }) => key)]),
    ).toEqual([
      ['setup', ['medium', 'a:b']],
      ['', ['odd']],
    ])
  })
})

describe('a search in the contents', () => {
  const view = makeView({
    attributes: [{ name: 'setup:medium', text: 'CellCarrier' }],
    logs: [{ name: 'cytoshot-acquisition', lineCount: 2 }],
    tables: [{ name: 'monitor', shape: [3], columns: ['temperature'], attributes: [] }],
  })

  it('finds names in any case, values of attributes and columns of tables', () => {
    expect(searchContents(view, 'CELLC').attributes).toHaveLength(1)
    expect(searchContents(view, 'temper').tables).toHaveLength(1)
    expect(searchContents(view, ' trace/ ').features).toHaveLength(2)
  })

  it('leaves everything without a text, and nothing where nothing fits', () => {
    expect(searchContents(view, '  ')).toBe(view)
    expect(isEmptyView(searchContents(view, 'nowhere'))).toBe(true)
  })
})

describe('the store of described files', () => {
  it('forgets the oldest where there are too many', () => {
    const store = useFileStore()
    for (let index = 0; index <= MOST_FILES; index += 1) {
      store.setFile(`token-${index}`, { state: 'there', value: makeView() })
    }
    expect(store.files.size).toBe(MOST_FILES)
    expect(store.files.has('token-0')).toBe(false)
    expect(store.readView(`token-${MOST_FILES}`)).not.toBeNull()
  })
})
