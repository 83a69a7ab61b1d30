import { describe, expect, test } from 'vitest'
import type { ComposerTranslation } from 'vue-i18n'
import type { ContentFigures, OutcomeFigures } from '../../../../src-preload/contract.ts'
import { describeDone } from '../../../../src-renderer/features/queue/describe-done.ts'
import { nameShownState } from '../../../../src-renderer/features/queue/name-shown-state.ts'
import { sumUpQueue } from '../../../../src-renderer/features/queue/sum-up.ts'
import {
  compareSizes,
  measureCompression,
  scaleBars,
} from '../../../../src-renderer/features/result/compare-sizes.ts'
import { describeSizes, listContent } from '../../../../src-renderer/features/result/describe-content.ts'
import { findFailedPhase } from '../../../../src-renderer/features/result/explain-error.ts'
import { judgeDone, judgePace } from '../../../../src-renderer/features/result/judge-content.ts'
import { composeReport } from '../../../../src-renderer/features/result/compose-report.ts'
import { describeCopied, describeProof } from '../../../../src-renderer/features/result/describe-outcome.ts'
import { groupWarnings } from '../../../../src-renderer/features/result/group-warnings.ts'
import {
  findKeptRecording,
  listResultActions,
} from '../../../../src-renderer/features/result/list-result-actions.ts'
import { createTexts } from '../../../../src-renderer/texts/create-texts.ts'
import { makeProgress } from '../make-progress.ts'
import { lives, makeFailure, makeRow, recordingJob, rewriteJob } from '../make-row.ts'

// The texts' own type is narrower than what a component is given.
const t = createTexts().global.t as unknown as ComposerTranslation

const kept = makeRow({
  job: recordingJob,
  leftoverPath: '/out/r.rtdc~',
  life: {
    ...lives.waiting,
    state: 'cancelled',
    error: { code: 'E_CANCELLED', message: 'cancelled', path: '/out/r.rtdc~', actual: 123 },
  },
})

describe('what can be done with a job', () => {
  test('that is done: show it', () => {
    expect(listResultActions(makeRow({ life: lives.done }))[0]).toBe('showOutput')
  })

  test('that failed: try again first; with something in the way, replace it', () => {
    expect(listResultActions(makeRow({ life: makeFailure('E_IO') }))).toEqual(['retry', 'showInput', 'copy'])
    expect(listResultActions(makeRow({ life: makeFailure('E_EXISTS') }))[0]).toBe('replace')
    expect(listResultActions(makeRow({ life: makeFailure('E_LEN') }))[0]).toBe('commonRows')
    expect(listResultActions(makeRow({ life: makeFailure('E_HOLE') }))[0]).toBe('fillHoles')
    const withLeftover = makeRow({ life: makeFailure('E_GONE'), leftoverPath: '/out/a.rtdc~' })
    expect(listResultActions(withLeftover)).toContain('replace')
    expect(listResultActions(withLeftover)).toContain('showLeftover')
  })

  test('that kept a recording: show it, and never replace it', () => {
    expect(listResultActions(kept)[0]).toBe('showKept')
    expect(listResultActions(kept)).not.toContain('replace')
    const tried = { ...kept, life: makeFailure('E_EXISTS', '/out/r.rtdc~') }
    expect(listResultActions(tried)).not.toContain('replace')
  })

  test('that runs: nothing here', () => {
    expect(listResultActions(makeRow({ life: lives.running }))).toEqual([])
  })
})

describe('a kept recording', () => {
  test('is found in the cancellation, with its events', () => {
    expect(findKeptRecording(kept)).toEqual({ path: '/out/r.rtdc~', events: 123 })
  })

  test('is found in the warning of a failure', () => {
    const warning = { code: 'W_KEPT', message: 'kept', path: '/out/r.rtdc~' }
    const life = { ...makeFailure('E_IO'), warnings: [warning], warningCount: 1 }
    expect(findKeptRecording(makeRow({ life }))?.path).toBe('/out/r.rtdc~')
    expect(findKeptRecording(makeRow({ life: makeFailure('E_IO') }))).toBeNull()
  })
})

/** An outcome of which everything of the input is in the output; what matters to a test is given. */
function outcome(given: Partial<OutcomeFigures> = {}, content: Partial<ContentFigures> = {}): OutcomeFigures {
  const { figures } = lives.done
  const all = { kept: 4, total: 4 }
  return {
    ...figures,
    content: {
      ...{ inputEvents: figures.events, features: all, copiedIn: 0, leftOut: [], leftOutBytes: 0 },
      ...{ logs: all, tables: { kept: 0, total: 0 }, basins: { kept: 0, total: 0 }, ...content },
    },
    ...given,
  }
}

const subset = outcome(
  { events: 3, inputBytes: 290_000_000, bytesWritten: 100_000 },
  {
    ...{ inputEvents: 3000, features: { kept: 45, total: 48 }, leftOut: ['image', 'image_bg', 'mask'] },
    leftOutBytes: 289_000_000,
  },
)

describe('sizes', () => {
  test('tell how much smaller an output is that has everything, or how much larger', () => {
    expect(compareSizes(outcome({ inputBytes: 200, bytesWritten: 50 }), rewriteJob)).toEqual({
      ...{ kind: 'smaller', share: 0.75, ratio: 4, savedBytes: 150 },
    })
    const larger = compareSizes(outcome({ inputBytes: 100, bytesWritten: 125 }), rewriteJob)
    expect(larger).toMatchObject({ kind: 'larger', share: 0.25 })
    expect(scaleBars(100, 125)).toEqual({ before: 0.8, after: 1 })
  })

  test('do not tell a difference that would be shown as none', () => {
    const compared = compareSizes(outcome({ inputBytes: 100_000, bytesWritten: 99_999 }), rewriteJob)!
    expect(describeSizes(compared, t)).toBe('about as large as before')
  })

  test('are not compared where there is no input', () => {
    expect(compareSizes(outcome({ inputBytes: null }), rewriteJob)).toBeNull()
    expect(compareSizes(outcome({ inputBytes: 0 }), rewriteJob)).toBeNull()
  })

  test('never call saved what was left out', () => {
    const compared = compareSizes(subset, rewriteJob)!
    expect(compared).toEqual({ kind: 'partly', leftOutBytes: 289_000_000, savedBytes: 900_000 })
    expect(describeSizes(compared, t)).toBe(
      'Left out 289\u00a0MB of the input; compression saved 900\u00a0kB.',
    )
    expect(measureCompression(subset, rewriteJob)).toEqual({ before: 1_000_000, savedBytes: 900_000 })
  })

  test('say where a rest grew, where nothing is known, and where basins were copied in', () => {
    const grown = compareSizes(
      outcome({ inputBytes: 100, bytesWritten: 70, events: 1 }, { leftOutBytes: 60 }),
      rewriteJob,
    )!
    expect(describeSizes(grown, t)).toBe(
      'Left out 60\u00a0B of the input; the rest takes 30\u00a0B more than before.',
    )
    expect(compareSizes(outcome({ events: 1 }, { leftOutBytes: null }), rewriteJob)?.kind).toBe('unclear')
    expect(compareSizes(outcome({}, { copiedIn: 31 }), rewriteJob)?.kind).toBe('copiedIn')
    expect(measureCompression(outcome({}, { copiedIn: 31 }), rewriteJob)).toBeNull()
  })

  test('of an earlier version are compared where the job asked for everything', () => {
    expect(compareSizes(lives.done.figures, rewriteJob)?.kind).toBe('smaller')
    expect(compareSizes(lives.done.figures, { ...rewriteJob, features: 'scalar' })?.kind).toBe('unclear')
  })
})

describe('what is in an output', () => {
  test('is told by parts, with what was left out', () => {
    expect(listContent(subset, t)).toEqual([
      { name: 'events', text: '3 of 3,000', note: '', isPartly: true },
      { name: 'features', text: '45 of 48', note: 'Left out: image, image_bg, mask.', isPartly: true },
      { name: 'logs', text: '4 of 4', note: '', isPartly: false },
    ])
  })

  test('may be more than the input has', () => {
    const [events, features] = listContent(outcome({ events: 12 }, { copiedIn: 31 }), t)
    expect(events).toMatchObject({ text: '12 (the input has 10)', isPartly: false })
    expect(features?.note).toBe('31 copied in from basins.')
  })

  test('names no more than a few', () => {
    const leftOut = Array.from({ length: 9 }, (_, index) => `f${index}`)
    expect(listContent(outcome({}, { leftOut }), t)[1]?.note).toBe(
      'Left out: f0, f1, f2, f3, f4, f5 and 3 more.',
    )
  })
})

describe('the heading of what is done', () => {
  const done = (figures: OutcomeFigures, code?: string) =>
    makeRow({
      job: figures.recording === null ? rewriteJob : recordingJob,
      life: {
        ...{ ...lives.done, figures, warningCount: code === undefined ? 0 : 1 },
        warnings:
          code === undefined
            ? []
            : [{ code, message: 'grows', path: '/data/a.rtdc', events: 290, time: '2026-11-30T14:05:00Z' }],
      },
    })
  const recording = { frames: 6812, totalFrames: 10_000, isStopped: true, seconds: 20 }

  test('says verified of everything, and only of what was kept where a part was left out', () => {
    expect(judgeDone(done(outcome()), outcome())).toBe('verified')
    expect(judgeDone(done(subset), subset)).toBe('kept')
    const unverified = outcome({ verification: 'none' })
    expect(judgeDone(done(unverified), unverified)).toBe('unverified')
  })

  test('is never verified alone where the input was still being written', () => {
    const row = done(outcome(), 'W_GROWING')
    expect(judgeDone(row, outcome())).toBe('growing')
    expect(nameShownState(row)).toBe('growing')
    expect(describeDone(row, outcome(), t)).toMatch(/^Copied at \d\d:05, not complete$/)
    expect(sumUpQueue([row, done(outcome())])).toMatchObject({ done: 2, growing: 1 })
  })

  test('says at which frame a recording was stopped, and that its pace was missed', () => {
    const stopped = outcome({ recording })
    const row = done(stopped)
    expect(judgeDone(row, stopped)).toBe('stopped')
    expect(nameShownState(row)).toBe('stopped')
    expect(describeDone(row, stopped, t)).toBe('At frame 6,812 of 10,000')
    expect(judgePace(row, stopped)).toEqual({ wanted: 1000, reached: 340.6, isMissed: true })
    const kept = outcome({ recording: { ...recording, seconds: 6.812 } })
    expect(judgePace(done(kept), kept)?.isMissed).toBe(false)
    expect(judgePace(done(outcome()), outcome())).toBeNull()
  })
})

describe('sums of the queue', () => {
  test('count as saved what compression saved alone', () => {
    const row = makeRow({ life: { ...lives.done, figures: subset } })
    expect(sumUpQueue([row])).toMatchObject({ inputBytes: 1_000_000, savedBytes: 900_000 })
  })

  test('tell what waits to be started from what is queued, and interrupted from failed', () => {
    const rows = [
      makeRow({ isReleased: false }),
      makeRow({ isReleased: true }),
      makeRow({ life: makeFailure('E_GONE') }),
      makeRow({ life: makeFailure('E_IO') }),
    ]
    expect(sumUpQueue(rows)).toMatchObject({ notStarted: 1, queued: 1, interrupted: 1, failed: 1 })
  })
})

describe('the step in which a job failed', () => {
  test('is the copy for a piece of the events, also where it was noticed later', () => {
    const row = makeRow({
      life: { ...makeFailure('E_CHUNK', '/data/a.rtdc'), progress: makeProgress({ phase: 'metadata' }) },
    })
    const error = { code: 'E_CHUNK', message: 'broken', path: '/data/a.rtdc', object: '/events/image' }
    expect(findFailedPhase(error, row)).toBe('copy')
    expect(findFailedPhase({ ...error, object: '/logs/a' }, row)).toBe('metadata')
    expect(findFailedPhase({ ...error, path: '/out/a.rtdc~' }, row)).toBe('metadata')
  })
})

describe('an outcome', () => {
  const { figures } = lives.done
  const copied = { ...figures, features: 14, featuresAsStored: 12 }

  test('tells how many features were copied as stored, and nothing where none was', () => {
    expect(describeCopied(copied, t)).toBe('12 of 14 features copied as stored (not compressed again)')
    expect(describeCopied({ ...copied, features: 1, featuresAsStored: 1 }, t)).toMatch(
      /^1 of 1 feature copied/,
    )
    expect(describeCopied(figures, t)).toBeNull()
  })

  test('does not claim that chunks copied as stored were unpacked', () => {
    expect(describeProof({ ...figures, comparedChunks: 1 }, t)[0]).toMatch(/^1 chunk .* was unpacked as soon/)
    expect(describeProof(figures, t)[0]).toMatch(
      /^3 chunks .* unpacked as soon as they were packed .* their stored bytes were read back from the disk/,
    )
    expect(describeProof(copied, t)[0]).toMatch(
      /^3 chunks .* \(those copied as stored with the stored bytes of the input, the others unpacked .*\), then/,
    )
    expect(describeProof(copied, t).slice(1)).toEqual(describeProof(figures, t).slice(1))
  })

  test('has no proof where the output was not read back', () => {
    const unverified = { ...copied, verification: 'none', comparedChunks: 0, comparedBytes: 0 } as const
    expect(describeProof(unverified, t)).toEqual([expect.stringMatching(/^Not verified/)])
  })
})

describe('warnings', () => {
  const warnings = [
    { code: 'W_LOG', message: 'log stays', path: '/data/a.rtdc', object: '/logs/Main' },
    { code: 'W_EXT', message: 'link', path: '/data/a.rtdc' },
    { code: 'W_LOG', message: 'log stays', path: '/data/a.rtdc', object: '/logs/other' },
  ]

  test('are grouped by code in the order in which the codes came', () => {
    expect(groupWarnings(warnings, '').map((group) => [group.code, group.warnings.length])).toEqual([
      ['W_LOG', 2],
      ['W_EXT', 1],
    ])
  })

  test('are found by their words, object and path in any case', () => {
    expect(groupWarnings(warnings, ' /LOGS/main ').flatMap((group) => group.warnings)).toEqual([warnings[0]])
    expect(groupWarnings(warnings, 'nothing')).toEqual([])
  })
})

describe('a report', () => {
  test('holds versions, job, error and the last words of the process', () => {
    const life = { ...makeFailure('E_GONE', '/out/a.rtdc'), lastWords: 'heap out of memory' } as const
    const info = {
      version: '1.2.3',
      platform: 'linux',
      electron: '33',
      startedFrom: 'checkout',
      cores: 2,
      tunesZstd: true,
    } as const
    const report = composeReport(makeRow({ life }), info)
    for (const part of ['Weir 1.2.3', 'E_GONE', '"output":"/out/a.rtdc"', 'heap out of memory']) {
      expect(report).toContain(part)
    }
  })
})
