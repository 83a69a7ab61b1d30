import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect } from 'vitest'

import { listEnds, listResults, parseLines, runWeir, startWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(300)

/** Slow enough that it never ends before the signal. */
const SLOW = ['--compression', 'zstd', '--level', '22', '--threads', '1', '--json']

describe('a signal to a rewrite', () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s cancels, leaves nothing, exit 130',
    async (signal, { sample, folder }) => {
      const weir = startWeir(['rewrite', sample, '--out', join(folder, 'out.rtdc'), ...SLOW])
      await weir.seeOutput(/"phase":"copy"/)
      weir.process.kill(signal)
      const end = await weir.ended
      expect(end).toMatchObject({ code: 130, stderr: '' })
      expect(listEnds(end)).toEqual(['cancelled E_CANCELLED'])
      expect(await readdir(folder)).toEqual([])
    },
  )

  it('cancels the inputs that are still to come as well', async ({ sample, folder }) => {
    const given = [
      'rewrite',
      sample,
      sample,
      sample,
      '--out-dir',
      join(folder, 'out'),
      '--name',
      '{n}',
      ...SLOW,
    ]
    const weir = startWeir(given)
    await weir.seeOutput(/"phase":"copy"/)
    weir.process.kill('SIGTERM')
    const end = await weir.ended
    expect(end.code).toBe(130)
    expect(listEnds(end)).toEqual(Array.from({ length: 3 }, () => 'cancelled E_CANCELLED'))
    expect(await readdir(folder)).toEqual([])
  })

  it('comes again and again without harm', async ({ sample, folder }) => {
    const weir = startWeir(['rewrite', sample, '--out', join(folder, 'out.rtdc'), ...SLOW])
    await weir.seeOutput(/"phase":"copy"/)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT', 'SIGTERM'] as const) weir.process.kill(signal)
    const end = await weir.ended
    expect(end.code).toBe(130)
    expect(await readdir(folder)).toEqual([])
  })

  it.for(['check', 'metadata', 'verify', 'commit'])(
    'in phase %s ends it whole or not at all',
    async (phase, { sample, folder }) => {
      const output = join(folder, 'out.rtdc')
      const weir = startWeir(['rewrite', sample, '--out', output, '--json'])
      await weir.seeOutput(new RegExp(`"phase":"${phase}"`))
      weir.process.kill('SIGINT')
      const end = await weir.ended
      const files = await readdir(folder)
      if (end.code === 130) {
        expect(listEnds(end)).toEqual(['cancelled E_CANCELLED'])
        expect(files).toEqual([])
        return
      }
      // The signal may come when all is done: then the output is there and good.
      expect(end.code).toBe(0)
      expect(files).toEqual(['out.rtdc'])
      expect((await runWeir(['verify', output])).code).toBe(0)
    },
  )

  it('at 20 instants over all phases ends it whole or not at all', async ({ sample, folder }) => {
    const output = join(folder, 'out.rtdc')
    const started = performance.now()
    expect((await runWeir(['rewrite', sample, '--out', output])).code).toBe(0)
    const typicalMs = performance.now() - started
    for (let instant = 0; instant < 20; instant++) {
      await rm(output, { force: true })
      const weir = startWeir(['rewrite', sample, '--out', output, '--json'])
      await weir.seeOutput(/"phase":"check"/)
      await wait((typicalMs * 0.8 * instant) / 20)
      weir.process.kill('SIGINT')
      const { code } = await weir.ended
      const files = await readdir(folder)
      expect([code, files], `instant ${instant}`).toEqual(code === 130 ? [130, []] : [0, ['out.rtdc']])
    }
  })

  it('keeps the old file that was to be replaced', async ({ sample, folder }) => {
    const output = join(folder, 'out.rtdc')
    expect((await runWeir(['rewrite', sample, '--out', output, '--events', '0:3'])).code).toBe(0)
    const weir = startWeir(['rewrite', sample, '--out', output, '--overwrite', ...SLOW])
    await weir.seeOutput(/"phase":"copy"/)
    weir.process.kill('SIGINT')
    expect((await weir.ended).code).toBe(130)
    expect(await readdir(folder)).toEqual(['out.rtdc'])
    expect(parseLines(await runWeir(['inspect', output, '--json']))).toMatchObject([{ events: 3 }])
  })
})

describe('a signal to verify', () => {
  it('cancels it with exit 130', async ({ sample }) => {
    const weir = startWeir(['verify', ...Array.from({ length: 200 }, () => sample), '--json'])
    await weir.seeOutput(/"type":"result"/)
    weir.process.kill('SIGINT')
    const end = await weir.ended
    expect(end.code).toBe(130)
    const results = listResults(end)
    expect(results).toHaveLength(200)
    expect(results[0]).toMatchObject({ status: 'done' })
    expect(results.at(-1)).toMatchObject({ status: 'cancelled' })
  })
})

describe('a signal to a recording', () => {
  const endless = ['--simulate', '20000', '--rate', '100', '--threshold', '10', '--json']

  it('stops it: what was recorded is there and verified, exit 0', async ({ folder }) => {
    const output = join(folder, 'out.rtdc')
    const weir = startWeir(['record', '--out', output, ...endless])
    await weir.seeOutput(/"writtenFrames":[1-9]/)
    weir.process.kill('SIGINT')
    const end = await weir.ended
    expect(end.code).toBe(0)
    const [result] = listResults(end)
    expect(result).toMatchObject({ status: 'done', verification: 'standard', input: null, output })
    expect(await readdir(folder)).toEqual(['out.rtdc'])
    expect(parseLines(await runWeir(['inspect', output, '--json']))).toMatchObject([
      { events: result?.['events'] },
    ])
  })

  it('aborts it at the second time: what is complete stays under the temporary name, exit 130', async ({
    folder,
  }) => {
    const output = join(folder, 'out.rtdc')
    const weir = startWeir(['record', '--out', output, ...endless])
    await weir.seeOutput(/"writtenFrames":[1-9]/)
    weir.process.kill('SIGINT')
    weir.process.kill('SIGTERM')
    const end = await weir.ended
    expect(end.code).toBe(130)
    const [result] = listResults(end)
    const kept = `${output}~`
    expect(result).toMatchObject({ status: 'cancelled', error: { code: 'E_CANCELLED', path: kept } })
    expect(result?.['events']).toBeGreaterThan(0)
    expect(await readdir(folder)).toEqual(['out.rtdc~'])
    expect(parseLines(await runWeir(['inspect', kept, '--json']))).toMatchObject([
      { events: result?.['events'] },
    ])
  })
})
