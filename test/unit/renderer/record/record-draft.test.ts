import { describe, expect, test } from 'vitest'
import { recordDraftSchema } from '../../../../src-main/jobs/job-draft.ts'
import {
  changeKind,
  findRecordProblem,
  FIRST_INPUT,
  makeRecordDraft,
} from '../../../../src-renderer/features/record/record-draft.ts'

const file = { token: '3b241101-e2bb-4255-8caf-4136c566a962', path: '/data/a.rtdc' }
const folder = { token: '4b241101-e2bb-4255-8caf-4136c566a962', path: '/out' }

describe('the form of a recording', () => {
  test('becomes a request that main accepts, as a replay', () => {
    const draft = makeRecordDraft({ ...FIRST_INPUT, file, isPaced: false })
    expect(recordDraftSchema.parse(draft)).toEqual(draft)
    expect(draft?.source).toEqual({ kind: 'replay', file: file.token, rate: null, readers: 2 })
    expect(draft?.output.folder).toBeNull()
  })

  test('becomes a request that main accepts, as a simulation', () => {
    const draft = makeRecordDraft({ ...FIRST_INPUT, kind: 'simulate', folder, rate: 50 })
    expect(recordDraftSchema.parse(draft)).toEqual(draft)
    expect(draft?.source).toEqual({ kind: 'simulate', frames: 10_000, rate: 50 })
    expect(draft?.settings.compression).toMatchObject({ codec: 'auto', aim: 'balanced' })
  })

  test('says what the storage is to be good for', () => {
    const draft = makeRecordDraft({ ...FIRST_INPUT, file, aim: 'small', byFrame: true })
    expect(recordDraftSchema.parse(draft)).toEqual(draft)
    expect(draft?.settings.compression).toEqual({
      ...{ codec: 'auto', level: 5, shuffle: false, checksum: true, aim: 'small', byFrame: true },
    })
  })

  test('says what is missing, and is not sent', () => {
    expect(findRecordProblem(FIRST_INPUT)).toBe('file')
    expect(findRecordProblem({ ...FIRST_INPUT, kind: 'simulate' })).toBe('folder')
    expect(findRecordProblem({ ...FIRST_INPUT, file, name: ' ' })).toBe('name')
    expect(findRecordProblem({ ...FIRST_INPUT, file, name: '../a' })).toBe('name')
    expect(makeRecordDraft(FIRST_INPUT)).toBeNull()
  })

  test('takes the usual name of the other source, but leaves one that was typed', () => {
    expect(changeKind(FIRST_INPUT, 'simulate').name).toBe('simulated')
    expect(changeKind(changeKind(FIRST_INPUT, 'simulate'), 'replay').name).toBe('{stem}_recorded')
    expect(changeKind({ ...FIRST_INPUT, name: 'mine' }, 'simulate').name).toBe('mine')
  })
})
