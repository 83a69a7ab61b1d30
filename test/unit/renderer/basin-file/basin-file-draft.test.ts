import { describe, expect, it } from 'vitest'
import type { BasinPathReport } from '../../../../src-preload/contract.ts'
import {
  type BasinFileInput,
  FIRST_INPUT,
  findFolder,
  findProblem,
  type FormPath,
  makeDraft,
  type PathReports,
} from '../../../../src-renderer/features/basin-file/basin-file-draft.ts'

const file = { token: '3b241101-e2bb-4255-8caf-4136c566a962', path: '/data/a.rtdc' }
const chosen: FormPath = { id: 1, kind: 'file', file }
const typed: FormPath = { id: 2, kind: 'typed', path: ' /mnt/a.rtdc ' }

function withPaths(...paths: readonly FormPath[]): BasinFileInput {
  return { ...FIRST_INPUT, sources: [{ id: 10, paths }] }
}

function report(part: Partial<BasinPathReport> = {}): BasinPathReport {
  return {
    ...{ given: '/data/a.rtdc', state: 'found', resolved: null, folder: null, features: ['deform'] },
    ...{ events: 10, identifier: null, reason: null },
    ...part,
  }
}

function known(...reports: readonly (readonly [number, BasinPathReport])[]): PathReports {
  return new Map(reports.map(([id, value]) => [id, { state: 'there', value }]))
}

describe('the form for a basin file', () => {
  it('asks for what is missing, one thing after the other', () => {
    const good = known([1, report()])
    expect(findProblem(FIRST_INPUT, new Map())).toBe('sources')
    expect(findProblem(withPaths({ id: 1, kind: 'typed', path: ' ' }), new Map())).toBe('empty')
    expect(findProblem(withPaths({ id: 1, kind: 'typed', path: 'a.rtdc' }), new Map())).toBe('relative')
    expect(findProblem(withPaths(chosen), new Map())).toBe('looking')
    expect(findProblem(withPaths(chosen), good)).toBeNull()
    expect(findProblem({ ...withPaths(chosen), name: 'a/b' }, good)).toBe('name')
    const mapping = { ...FIRST_INPUT.mapping, kind: 'indices' } as const
    expect(findProblem({ ...withPaths(chosen), mapping }, good)).toBe('list')
    const range = { kind: 'range', texts: { start: 'x', stop: '', step: '' }, list: null } as const
    expect(findProblem({ ...withPaths(chosen), mapping: range }, good)).toBe('range')
  })

  it('takes an alternative that is missing, but none that is another measurement or was not looked for', () => {
    const input = withPaths(chosen, typed)
    expect(findProblem(input, known([1, report()], [2, report({ state: 'missing' })]))).toBeNull()
    expect(findProblem(input, known([1, report()], [2, report({ state: 'other' })]))).toBe('other')
    expect(findProblem(input, known([1, report()], [2, report({ state: 'unconfirmed' })]))).toBe(
      'unconfirmed',
    )
    expect(findProblem(input, known([1, report()], [2, report({ state: 'network' })]))).toBe('unconfirmed')
    expect(findProblem(withPaths(chosen), known([1, report({ state: 'missing' })]))).toBe('missing')
    const failed = new Map([[1, { state: 'failed', code: 'E_GONE', message: 'gone' } as const]])
    expect(findProblem(withPaths(chosen), failed)).toBe('failed')
  })

  it('takes only measurements with the same number of events', () => {
    const input = {
      ...FIRST_INPUT,
      sources: [chosen, { ...chosen, id: 3 }].map((path) => ({ id: path.id, paths: [path] })),
    }
    expect(findProblem(input, known([1, report()], [3, report({ events: 11 })]))).toBe('events')
    expect(findProblem(input, known([1, report()], [3, report()]))).toBeNull()
  })

  it('writes beside the first chosen file; without one a folder must be chosen', () => {
    expect(findFolder(withPaths(typed, chosen))).toBe('/data')
    expect(findFolder(withPaths(typed))).toBeNull()
    expect(findProblem(withPaths(typed), known([2, report()]))).toBe('folder')
  })

  it('becomes a request with tokens for what was chosen and texts for what was typed', () => {
    const mapping = { kind: 'range', texts: { start: '5', stop: '', step: '2' }, list: null } as const
    const input: BasinFileInput = { ...withPaths(chosen, typed), mapping, paths: 'relative' }
    expect(makeDraft(input, known([1, report()], [2, report({ state: 'missing' })]))).toEqual({
      sources: [
        [
          { kind: 'file', file: file.token },
          { kind: 'typed', path: '/mnt/a.rtdc' },
        ],
      ],
      paths: 'relative',
      events: { kind: 'range', start: 5, stop: null, step: 2 },
      output: { folder: null, name: '{stem}_basins', collision: 'rename' },
    })
    expect(makeDraft(input, new Map())).toBeNull()
  })
})
