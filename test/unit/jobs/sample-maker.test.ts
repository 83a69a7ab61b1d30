import { expect, test } from 'vitest'
import type { JobEvent } from '../../../src-main/jobs/job-life.ts'
import type { Job } from '../../../src-main/jobs/job-schema.ts'
import { SampleMaker } from '../../../src-main/jobs/sample-maker.ts'
import { expectRejection } from '../../helpers/expect-error.ts'
import { figures } from './job-samples.ts'

function makeMaker(isThere: boolean, live: (emit: (event: JobEvent) => void) => void) {
  const started: Job[] = []
  const maker = new SampleMaker({
    path: '/data/sample/sample.rtdc',
    isThere: async () => isThere,
    makeFolder: async () => undefined,
    startProcess: (job, emit) => {
      started.push(job)
      const gone = Promise.resolve().then(() => live(emit))
      return { gone, cancel: () => undefined, stop: () => undefined, kill: () => undefined }
    },
  })
  return { maker, started }
}

test('the sample is made once for all who ask meanwhile', async () => {
  const { maker, started } = makeMaker(false, (emit) =>
    emit({ kind: 'message', message: { kind: 'done', figures } }),
  )
  expect(await Promise.all([maker.make(), maker.make()])).toEqual(Array(2).fill('/data/sample/sample.rtdc'))
  expect(started).toHaveLength(1)
  expect(started[0]).toMatchObject({
    task: 'record',
    source: { kind: 'simulate', frames: 2000 },
    seed: 42,
    compression: { codec: 'none' },
  })
})

test('the sample is not made again where it is', async () => {
  const { maker, started } = makeMaker(true, () => undefined)
  expect(await maker.make()).toBe('/data/sample/sample.rtdc')
  expect(started).toEqual([])
})

test('a sample that could not be made says why, and is tried again when asked again', async () => {
  const { maker, started } = makeMaker(false, (emit) =>
    emit({
      kind: 'message',
      message: { kind: 'failed', error: { code: 'E_OUT_SPACE', message: 'full', path: null } },
    }),
  )
  await expectRejection(maker.make(), 'E_OUT_SPACE')
  await expectRejection(maker.make(), 'E_OUT_SPACE')
  expect(started).toHaveLength(2)
})

test('a process that goes without a word fails the sample', async () => {
  const { maker } = makeMaker(false, () => undefined)
  await expectRejection(maker.make(), 'E_GONE')
})
