import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'

import { listEnds, listResults, runWeir, startWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(30)

const ENDLESS = ['--simulate', '100000', '--rate', '100', '--threshold', '10', '--json']

/** A recording that was killed in the middle. Gives the path of what it left. */
async function killRecording(output: string): Promise<string> {
  const weir = startWeir(['record', '--out', output, ...ENDLESS])
  await weir.seeOutput(/"writtenFrames":[1-9]/)
  weir.process.kill('SIGKILL')
  expect((await weir.ended).code).toBeNull()
  return `${output}~`
}

describe('a recording that was killed', () => {
  it('is never deleted: with leave to overwrite it is moved aside, and said where', async ({ folder }) => {
    const output = join(folder, 'out.rtdc')
    const left = await killRecording(output)
    const content = await readFile(left)
    const record = ['record', '--simulate', '5', '--out', output, '--json']
    expect(listEnds(await runWeir(record))).toEqual(['refused E_EXISTS'])
    const end = await runWeir([...record, '--overwrite'])
    expect(end.code).toBe(0)
    const aside = `${output}~1`
    expect(listResults(end)[0]?.['warnings']).toMatchObject([{ code: 'W_ASIDE', path: aside }])
    expect((await readdir(folder)).sort()).toEqual(['out.rtdc', 'out.rtdc~1'])
    expect(await readFile(aside)).toEqual(content)
  })

  it('is called unfinished by every command that reads it', async ({ folder }) => {
    const left = await killRecording(join(folder, 'out.rtdc'))
    const others = [
      ['inspect', left],
      ['verify', left],
      ['rewrite', left, '--out', join(folder, 'again.rtdc')],
      ['record', '--replay', left, '--out', join(folder, 'again.rtdc')],
      ['basins', '--basin', left, '--out', join(folder, 'again.rtdc')],
    ]
    for (const given of others) {
      const end = await runWeir([...given, '--json'])
      expect(listEnds(end), given[0]).toEqual(['refused E_UNFINISHED'])
      expect(end.code, given[0]).toBe(2)
    }
    expect(await readdir(folder)).toEqual(['out.rtdc~'])
  })
})

describe('everything that a command reads', () => {
  it('counts as input: metadata, lists of events, basins and the job file itself', async ({
    sample,
    folder,
  }) => {
    const at = (name: string): string => join(folder, name)
    await writeFile(at('meta.json'), '{"experiment:sample": "dear"}')
    await writeFile(at('rows.txt'), '0\n2\n')
    const job = {
      task: 'record',
      output: 'job.json',
      source: { kind: 'simulate', frames: 2 },
      overwrite: true,
    }
    await writeFile(at('job.json'), JSON.stringify(job))
    expect((await runWeir(['basins', '--basin', sample, '--out', at('middle.rtdc')])).code).toBe(0)
    const inner = ['basins', '--basin', at('middle.rtdc'), '--paths', 'absolute', '--out', at('outer.rtdc')]
    expect((await runWeir(inner)).code).toBe(0)
    await symlink(at('rows.txt'), at('soft.rtdc'))
    await link(at('meta.json'), at('hard.rtdc'))
    const before = new Map(
      await Promise.all(
        (await readdir(folder)).map(async (name) => [name, await readFile(at(name))] as const),
      ),
    )
    const simulate = ['record', '--simulate', '2', '--metadata', at('meta.json')]
    const calls = [
      [...simulate, '--out', at('meta.json')],
      [...simulate, '--out', at('hard.rtdc')],
      ['rewrite', sample, '--indices', at('rows.txt'), '--out', at('rows.txt')],
      ['rewrite', sample, '--indices', at('rows.txt'), '--out', at('soft.rtdc')],
      ['basins', '--basin', sample, '--indices', at('rows.txt'), '--out', at('rows.txt')],
      ['basins', '--basin', at('outer.rtdc'), '--out', at('middle.rtdc')],
      ['rewrite', at('outer.rtdc'), '--out', at('middle.rtdc')],
    ]
    for (const given of calls) {
      const end = await runWeir([...given, '--overwrite', '--json'])
      expect(listEnds(end), given.join(' ')).toEqual(['refused E_SAME'])
    }
    expect(listEnds(await runWeir(['run', 'job.json', '--json'], { cwd: folder }))).toEqual([
      'refused E_SAME',
    ])
    for (const [name, content] of before) expect(await readFile(at(name)), name).toEqual(content)
  })
})

describe('an output that another weir is writing', () => {
  it('is refused at the start, whatever the task and with leave to overwrite; the first one ends well', async ({
    sample,
    folder,
  }) => {
    const output = join(folder, 'out.rtdc')
    const first = startWeir(['record', '--out', output, ...ENDLESS])
    await first.seeOutput(/"writtenFrames":[1-9]/)
    for (const task of [
      ['rewrite', sample],
      ['basins', '--basin', sample],
      ['record', '--simulate', '5'],
    ])
      for (const leave of [[], ['--overwrite']]) {
        const end = await runWeir([...task, '--out', output, ...leave, '--json'])
        expect(listEnds(end)).toEqual(['refused E_EXISTS'])
        expect(end.stdout).toContain(`is being written by process ${first.process.pid} on `)
      }
    first.process.kill('SIGINT')
    const end = await first.ended
    expect(listEnds(end)).toEqual(['done'])
    expect(await readdir(folder)).toEqual(['out.rtdc'])
    expect(listEnds(await runWeir(['verify', output, '--json']))).toEqual(['done'])
  })
})

describe('the number of simulated frames', () => {
  it('has a limit, which is named at once', async ({ folder }) => {
    const given = ['record', '--simulate', '100000001', '--out', join(folder, 'out.rtdc')]
    const end = await runWeir(given)
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toContain('from 0 to 100000000')
    expect(await readdir(folder)).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('SIGUSR1', () => {
  it('opens no inspector', async ({ folder }) => {
    const weir = startWeir(['record', '--out', join(folder, 'out.rtdc'), ...ENDLESS])
    await weir.seeOutput(/"writtenFrames":[1-9]/)
    weir.process.kill('SIGUSR1')
    // Seconds later by the job's own clock: the inspector would have told by then that it listens.
    await weir.seeOutput(/"writtenFrames":[3-9]\d\d/)
    weir.process.kill('SIGINT')
    expect(await weir.ended).toMatchObject({ code: 0, stderr: '' })
  })
})
