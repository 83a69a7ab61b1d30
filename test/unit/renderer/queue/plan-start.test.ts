import { describe, expect, test } from 'vitest'
import { planStart } from '../../../../src-renderer/features/queue/plan-start.ts'
import { makeFailure, makeRow, recordingJob } from '../make-row.ts'

const leftoverPath = '/out/a.rtdc~'
const state = { id: 'a', output: '/out/a.rtdc', exists: false, leftoverPath }
const interrupted = { life: makeFailure('E_GONE'), isUnfinished: true, leftoverPath }

describe('a job that was interrupted', () => {
  test('takes the place of its own temporary file without a question', () => {
    const [plan] = planStart([makeRow(interrupted)], [state])
    expect(plan).toMatchObject({ how: 'retry', isOwnLeftover: true, replaces: [] })
  })

  test('does not take leave for that to replace an output', () => {
    const [plan] = planStart([makeRow(interrupted)], [{ ...state, exists: true }])
    expect(plan).toMatchObject({ isOwnLeftover: false, replaces: [leftoverPath] })
    const replacing = planStart(
      [makeRow({ ...interrupted, collision: 'replace' })],
      [{ ...state, exists: true }],
    )
    expect(replacing[0]?.replaces).toEqual(['/out/a.rtdc', leftoverPath])
  })

  test('asks where it is a recording: that may be all that there is of it', () => {
    const [plan] = planStart([makeRow({ ...interrupted, job: recordingJob })], [state])
    expect(plan).toMatchObject({ isOwnLeftover: false, replaces: [leftoverPath] })
  })
})

test('a job that never began asks about what another one left', () => {
  const [plan] = planStart([makeRow({ isReleased: false, isUnfinished: true })], [state])
  expect(plan).toMatchObject({ how: 'start', isOwnLeftover: false, replaces: [leftoverPath] })
})
