import { describe, expect, it } from 'vitest'
import type { OutputPreview } from '../../../../src-preload/contract.ts'
import {
  describeFolder,
  isRemarkable,
  listRemarks,
  shortenFolders,
  sumUpNames,
} from '../../../../src-renderer/features/sheet/name-remarks.ts'

function preview(given: Partial<OutputPreview> = {}): OutputPreview {
  return {
    ...{
      id: '1',
      input: '/data/M1.rtdc',
      current: '/data/M1_weir.rtdc',
      output: '/data/x.rtdc',
      failure: null,
    },
    ...{ root: null, isNewFolder: false, numberedFor: null, exists: false, hasLeftover: false },
    ...{ collision: 'refuse', unknownTokens: [], ...given },
  }
}

const kindsOf = (given: Partial<OutputPreview>) => listRemarks(preview(given)).map(({ kind }) => kind)

describe('what there is to say of a name', () => {
  it('is nothing where it is new and free', () => {
    expect(kindsOf({})).toEqual([])
    expect(kindsOf({ output: '/data/M1_weir.rtdc' })).toEqual(['unchanged'])
  })

  it('depends on what happens to files that are there', () => {
    expect(kindsOf({ exists: true })).toEqual(['refused'])
    expect(kindsOf({ exists: true, hasLeftover: true, collision: 'replace' })).toEqual([
      ...['replaced', 'leftoverReplaced'],
    ])
    expect(kindsOf({ hasLeftover: true })).toEqual(['leftoverRefused'])
  })

  it('names for whom it is numbered, and the tokens without a value', () => {
    expect(kindsOf({ numberedFor: 'job' })).toEqual(['numberedJob'])
    expect(kindsOf({ numberedFor: 'input' })).toEqual(['numberedInput'])
    expect(listRemarks(preview({ unknownTokens: ['run', 'sample'] }))).toEqual([
      { kind: 'unknown', weight: 'notable', tokens: '{run}, {sample}' },
    ])
  })

  it('begins with what matters most', () => {
    expect(kindsOf({ isNewFolder: true, unknownTokens: ['run'], exists: true })).toEqual([
      ...['refused', 'unknown', 'newFolder'],
    ])
  })

  it('is a refusal where the name has more bytes than systems take, whatever its letters', () => {
    expect(kindsOf({ output: `/data/${'ä'.repeat(125)}.rtdc` })).toEqual(['long'])
    expect(kindsOf({ output: `/data/${'a'.repeat(249)}.rtdc` })).toEqual([])
  })

  it('is summed up', () => {
    const failure = { code: 'E_MISSING', message: 'gone' }
    const previews = [
      ...[preview(), preview({ output: '/data/M1_weir.rtdc' }), preview({ exists: true })],
      ...[preview({ numberedFor: 'job' }), preview({ output: null, failure })],
    ]
    expect(sumUpNames(previews)).toEqual({ total: 5, named: 4, changed: 3, blocked: 1, remarked: 3 })
    expect(isRemarkable(preview({ isNewFolder: true }))).toBe(false)
  })
})

describe('the folder of an output', () => {
  it('is worth a word only where it is another one than that of the input', () => {
    expect(describeFolder(preview())).toBeNull()
    expect(describeFolder(preview({ output: '/out/x.rtdc' }))).toBe('/out')
    expect(describeFolder(preview({ output: '/out/day/x.rtdc', root: '/out' }))).toBe('…/day')
    expect(describeFolder(preview({ output: null }))).toBeNull()
  })
})

describe('folders beside each other', () => {
  it('are shown from the last name on that they share', () => {
    expect([...shortenFolders(['/data/lab/day', '/data/lab/day/chip', '/data/lab/day/b/c'])]).toEqual([
      ['/data/lab/day', '…/day'],
      ['/data/lab/day/chip', '…/day/chip'],
      ['/data/lab/day/b/c', '…/day/b/c'],
    ])
    expect(shortenFolders(['C:\\data\\lab\\a', 'C:\\data\\lab\\b']).get('C:\\data\\lab\\b')).toBe('…/lab\\b')
  })

  it('are whole where they share nothing, or there is little to leave out', () => {
    expect([...shortenFolders(['/a/b', '/c/d']).values()]).toEqual(['/a/b', '/c/d'])
    expect([...shortenFolders(['/data']).values()]).toEqual(['/data'])
    expect([...shortenFolders([]).values()]).toEqual([])
  })
})
