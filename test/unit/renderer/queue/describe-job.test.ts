import { describe, expect, it } from 'vitest'
import type { ComposerTranslation } from 'vue-i18n'
import type { BasinsJob, Compression } from '../../../../src-preload/contract.ts'
import { createTexts } from '../../../../src-renderer/texts/create-texts.ts'
import { describeSettings, nameRow } from '../../../../src-renderer/features/queue/describe-job.ts'
import { basinsJob, makeRow, rewriteJob } from '../make-row.ts'

// The texts' own type is narrower than what a component is given.
const t = createTexts().global.t as unknown as ComposerTranslation

describe('a row in few words', () => {
  it('says of a basin file what it refers to and how, not what it has not', () => {
    expect(describeSettings(basinsJob, t)).toBe(
      'basin file that refers to 1 measurement, absolute and relative paths',
    )
    const mapped: BasinsJob = {
      ...basinsJob,
      sources: [['/a.rtdc'], ['/b.rtdc']],
      events: { kind: 'range', start: 0, stop: 5, step: 1 },
    }
    expect(describeSettings({ ...mapped, paths: 'relative' }, t)).toBe(
      'basin file that refers to 2 measurements, relative paths, a selection of events',
    )
  })

  it.each<[Partial<Compression>, string]>([
    [{ codec: 'auto' }, 'balanced'],
    [{ codec: 'auto', aim: 'small', byFrame: true }, 'small, by frame'],
    [{ codec: 'auto', aim: 'fast', byFrame: false }, 'fast'],
    [{}, 'zstd 5'],
    [{ codec: 'gzip', level: 9 }, 'gzip 9'],
    [{ codec: 'none' }, 'uncompressed'],
  ])('says how it is compressed: %o is %s', (compression, words) => {
    const job = { ...rewriteJob, compression: { ...rewriteJob.compression, ...compression } }
    expect(describeSettings(job, t)).toBe(`${words}, all features, verified`)
  })

  it('says how many basins a rewrite relinks', () => {
    expect(describeSettings({ ...rewriteJob, relink: [{ key: 'a', paths: ['/b.rtdc'] }] }, t)).toContain(
      '1 basin relinked',
    )
  })

  it('is called as the output where it has no input of its own', () => {
    expect(nameRow(makeRow({ job: basinsJob, input: null }))).toBe('basins.rtdc')
  })
})
