import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

import { parseCommand } from '../../../src-main/cli/parse-command.ts'
import { parseEventRange } from '../../../src-main/cli/parse-settings.ts'
import { readArguments } from '../../../src-main/cli/read-arguments.ts'
import { resolvePath } from '../../../src-main/cli/resolve-path.ts'
import { jobSchema } from '../../../src-main/jobs/job-schema.ts'

function parse(given: readonly string[]) {
  return parseCommand(readArguments(given), '/base')
}

function parseJob(given: readonly string[]) {
  const command = parse(given)
  if (command.kind === 'record') return command.job
  if (command.kind !== 'rewrite' || command.place.kind !== 'file') throw new Error('no single job')
  return { ...command.settings, input: command.inputs[0], output: command.place.path }
}

describe('a rewrite', () => {
  it('has the defaults of the job schema', () => {
    const job = parseJob(['rewrite', 'a.rtdc', '--out', 'b.rtdc'])
    const defaults = jobSchema.parse({ task: 'rewrite', input: '/base/a.rtdc', output: '/base/b.rtdc' })
    expect(job).toEqual(defaults)
  })

  it('takes every setting, as --name value and as --name=value', () => {
    const settings = {
      features: 'deform,area_um,deform',
      events: '10:20:3',
      compression: 'gzip',
      level: '9',
      metadata: 'logs,tables',
      basins: 'drop',
      lengths: 'cut',
      holes: 'fill',
      verify: 'independent',
      threads: '3',
    }
    const switches = ['--shuffle', '--no-checksum', '--overwrite']
    const spaced = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    const joined = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
    const expected = {
      task: 'rewrite',
      input: '/base/a',
      output: '/base/b',
      features: ['deform', 'area_um'],
      events: { kind: 'range', start: 10, stop: 20, step: 3 },
      compression: { codec: 'gzip', level: 9, shuffle: true, checksum: false },
      metadata: { attributes: false, logs: true, tables: true },
      basins: 'drop',
      relink: [],
      addSourceBasin: false,
      lengths: 'cut',
      holes: 'fill',
      verify: 'independent',
      overwrite: true,
      threads: 3,
    }
    for (const options of [spaced, joined]) {
      const job = parseJob(['rewrite', ...switches, ...options, 'a', '--out', 'b'])
      expect(job).toEqual(expected)
      expect(jobSchema.parse(job)).toEqual(expected)
    }
  })

  it('leaves all metadata out for none', () => {
    const job = parseJob(['rewrite', 'a', '--out', 'b', '--metadata', 'none'])
    expect(job).toMatchObject({ metadata: { attributes: false, logs: false, tables: false } })
  })

  it('accepts the ends of the level ranges', () => {
    for (const [codec, level] of [
      ['zstd', 1],
      ['zstd', 22],
      ['gzip', 0],
      ['gzip', 9],
    ] as const) {
      const job = parseJob(['rewrite', 'a', '--out', 'b', '--compression', codec, '--level', String(level)])
      expect(job).toMatchObject({ compression: { codec, level } })
    }
  })

  it('takes who shuffles by hand and names no codec for one who wants zstd', () => {
    const compression = { codec: 'zstd', level: 5, shuffle: true, checksum: true }
    expect(parseJob(['rewrite', 'a', '--out', 'b', '--shuffle'])).toMatchObject({ compression })
  })

  it('takes what the storage is to be good for', () => {
    const words = ['rewrite', 'a', '--out', 'b', '--compression', 'auto', '--aim', 'small', '--by-frame']
    const compression = {
      codec: 'auto',
      level: 5,
      shuffle: false,
      checksum: true,
      aim: 'small',
      byFrame: true,
    }
    expect(parseJob(words)).toMatchObject({ compression })
    expect(jobSchema.parse(parseJob(words))).toMatchObject({ compression })
    const record = ['record', '--out', 'b', '--simulate', '5', '--aim', 'fast']
    expect(parseJob(record)).toMatchObject({ compression: { codec: 'auto', aim: 'fast' } })
  })

  it('takes what follows -- as files, also with a leading dash', () => {
    const command = parse(['rewrite', '--out-dir', 'o', '--', '-x.rtdc', '--json'])
    expect(command).toMatchObject({ inputs: ['/base/-x.rtdc', '/base/--json'] })
  })

  it('takes a value with a leading dash behind an equals sign', () => {
    expect(parseJob(['rewrite', 'a', '--out=-b.rtdc'])).toMatchObject({ output: '/base/-b.rtdc' })
  })

  it('takes options before the command', () => {
    expect(parse(['--json', 'inspect', 'a'])).toEqual({ kind: 'inspect', path: '/base/a' })
  })
})

describe('a recording', () => {
  it('has the defaults of the job schema', () => {
    const source = { kind: 'replay', file: '/base/a' }
    const defaults = jobSchema.parse({ task: 'record', output: '/base/b', source })
    expect(parseJob(['record', '--out', 'b', '--replay', 'a'])).toEqual(defaults)
  })

  it('takes a simulation of no frames at a rate below one', () => {
    const job = parseJob(['record', '--out', 'b', '--simulate', '0', '--rate', '.5', '--metadata', 'm.json'])
    expect(job).toMatchObject({
      source: { kind: 'simulate', frames: 0, rate: 0.5 },
      metadataFile: '/base/m.json',
    })
  })
})

describe('a basin file', () => {
  const parseBasins = (...given: readonly string[]) => {
    const command = parse(['basins', '--out', 'b', ...given])
    return command.kind === 'basins' ? command.job : expect.fail(command.kind)
  }

  it('has the defaults of the job schema', () => {
    const defaults = jobSchema.parse({ task: 'basins', output: '/base/b', sources: [['/base/a']] })
    expect(parseBasins('--basin', 'a')).toEqual(defaults)
  })

  it('takes basins, alternatives and settings in any order', () => {
    const basins = ['--alternative=C:\\a', '--basin', '/far/c', '--alternative', 'd', '--alternative', 'e']
    const settings = ['--paths', 'relative', '--events', '1:', '--lengths', 'cut', '--overwrite']
    expect(parseBasins('--basin', 'a', ...settings, ...basins)).toEqual({
      task: 'basins',
      output: '/base/b',
      sources: [
        ['/base/a', 'C:\\a'],
        ['/far/c', '/base/d', '/base/e'],
      ],
      paths: 'relative',
      lengths: 'cut',
      events: { kind: 'range', start: 1, stop: null, step: 1 },
      overwrite: true,
    })
  })
})

describe('a range of events', () => {
  it.each([
    ['0:10', { start: 0, stop: 10, step: 1 }],
    [':', { start: 0, stop: null, step: 1 }],
    ['5:', { start: 5, stop: null, step: 1 }],
    [':5', { start: 0, stop: 5, step: 1 }],
    ['::2', { start: 0, stop: null, step: 2 }],
    ['7:3', { start: 7, stop: 3, step: 1 }],
    ['0:99999999999999999999', { start: 0, stop: Number.MAX_SAFE_INTEGER, step: 1 }],
  ])('%s is understood', (text, expected) => {
    expect(parseEventRange(text)).toEqual({ kind: 'range', ...expected })
  })
})

describe('a path', () => {
  let folder: string | undefined

  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true })
    folder = undefined
  })

  it('with a step up behind a linked folder is what the system takes it for', async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'weir-cli-')))
    await mkdir(join(folder, 'far', 'deep'), { recursive: true })
    await symlink(join(folder, 'far', 'deep'), join(folder, 'link'))
    expect(resolvePath(folder, 'link/../a.rtdc')).toBe(join(folder, 'far', 'a.rtdc'))
    expect(resolvePath(folder, 'far/../a.rtdc')).toBe(join(folder, 'a.rtdc'))
    expect(resolvePath(folder, 'absent/../a.rtdc')).toBe(join(folder, 'a.rtdc'))
    expect(resolvePath(folder, 'link/..')).toBe(join(folder, 'far'))
  })
})
