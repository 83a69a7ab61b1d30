import { describe, expect, test } from 'vitest'
import type { ComposerTranslation } from 'vue-i18n'
import { compareSizes } from '../../../../src-renderer/features/result/compare-sizes.ts'
import { composeReport } from '../../../../src-renderer/features/result/compose-report.ts'
import { describeCopied, describeProof } from '../../../../src-renderer/features/result/describe-outcome.ts'
import { groupWarnings } from '../../../../src-renderer/features/result/group-warnings.ts'
import {
  findKeptRecording,
  listResultActions,
} from '../../../../src-renderer/features/result/list-result-actions.ts'
import { createTexts } from '../../../../src-renderer/texts/create-texts.ts'
import { lives, makeFailure, makeRow, recordingJob } from '../make-row.ts'

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

describe('sizes', () => {
  test('tell how much smaller an output is, or how much larger', () => {
    expect(compareSizes(200, 50)).toEqual({
      kind: 'smaller',
      share: 0.75,
      ratio: 4,
      savedBytes: 150,
      beforeBar: 1,
      afterBar: 0.25,
    })
    expect(compareSizes(100, 125)).toMatchObject({ kind: 'larger', share: 0.25, beforeBar: 0.8, afterBar: 1 })
    expect(compareSizes(100, 100)?.kind).toBe('same')
  })

  test('are not compared where there is no input', () => {
    expect(compareSizes(null, 50)).toBeNull()
    expect(compareSizes(0, 50)).toBeNull()
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
    expect(describeProof(figures, t)[0]).toMatch(
      /^3 chunks .* unpacked and compared by SHA-256 with what went in/,
    )
    expect(describeProof(copied, t)[0]).toMatch(
      /^3 chunks .* \(those copied as stored with the stored bytes of the input, the others unpacked\)/,
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
    } as const
    const report = composeReport(makeRow({ life }), info)
    for (const part of ['Weir 1.2.3', 'E_GONE', '"output":"/out/a.rtdc"', 'heap out of memory']) {
      expect(report).toContain(part)
    }
  })
})
