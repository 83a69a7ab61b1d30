import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BasinsJob, Compression, RecordJob, RewriteJob } from '../../../../src-preload/contract.ts'
import { parseCommand } from '../../../../src-main/cli/parse-command.ts'
import { readArguments } from '../../../../src-main/cli/read-arguments.ts'
import { composeCommand, quoteWord } from '../../../../src-renderer/features/sheet/rewrite-command.ts'
import { FIRST_DEFAULTS } from '../../../../src-renderer/features/sheet/sheet-defaults.ts'

const usual = FIRST_DEFAULTS.settings.compression

const plain: RewriteJob = {
  ...FIRST_DEFAULTS.settings,
  ...{ task: 'rewrite', input: '/data/a.rtdc', output: '/data/a_weir.rtdc', overwrite: false },
  relink: [],
  lengths: 'refuse',
  holes: 'refuse',
}

const fancy: RewriteJob = {
  ...plain,
  ...{ input: "/data/Müller's run/M 1.rtdc", output: '/out/$HOME `x`.rtdc', features: ['deform', 'trace'] },
  events: { kind: 'range', start: 5, stop: null, step: 10 },
  compression: { codec: 'gzip', level: 9, shuffle: true, checksum: false },
  metadata: { attributes: true, logs: false, tables: true },
  ...{ basins: 'drop', lengths: 'cut', holes: 'fill', verify: 'independent', threads: 4, overwrite: true },
}

const recording: RecordJob = {
  ...{ task: 'record', output: '/out/r.rtdc', seed: 7, threshold: 200, metadataFile: null, threads: null },
  source: { kind: 'replay', file: '/data/a.rtdc', rate: 2500, readers: 4, lengths: 'cut', holes: 'fill' },
  compression: { codec: 'zstd', level: 9, shuffle: false, checksum: true },
  ...{ verify: 'none', overwrite: false },
}

const basinFile: BasinsJob = {
  ...{ task: 'basins', output: '/out/b.rtdc', paths: 'relative', overwrite: true },
  sources: [['/data/a.rtdc', "/mnt/Müller's/a.rtdc"], ['/data/b.rtdc']],
  events: { kind: 'range', start: 5, stop: 20, step: 1 },
  lengths: 'cut',
}

/** The words that a shell makes of a line. */
function splitByShell(line: string): readonly string[] {
  const text = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
  return text.split('\0').slice(0, -1)
}

describe('a job as a command', () => {
  it('leaves out what is usual', () => {
    expect(composeCommand(plain, 'linux')).toBe('weir rewrite /data/a.rtdc --out /data/a_weir.rtdc')
  })

  it('says everything else, and the command line makes the same job of it', () => {
    const words = splitByShell(composeCommand(fancy, 'linux') ?? '')
    expect(words.slice(0, 5)).toEqual(['weir', 'rewrite', fancy.input, '--out', fancy.output])
    expect(words.slice(5).join(' ')).toBe(
      '--features deform,trace --events 5::10 --compression gzip --level 9 --shuffle --no-checksum ' +
        '--metadata attributes,tables --basins drop --lengths cut --holes fill --verify independent --threads 4 --overwrite',
    )
    const { input, output, ...settings } = fancy
    expect(parseCommand(readArguments(words.slice(1)), '/')).toMatchObject({
      ...{ kind: 'rewrite', inputs: [input], place: { kind: 'file', path: output }, settings },
    })
  })

  it('says a recording, and the command line makes the same job of it', () => {
    const line = composeCommand(recording, 'linux') ?? ''
    expect(line).toBe(
      'weir record --out /out/r.rtdc --replay /data/a.rtdc --readers 4 --lengths cut --holes fill --rate 2500 --seed 7 --threshold 200 --compression zstd --level 9 --verify none',
    )
    expect(parseCommand(readArguments(splitByShell(line).slice(1)), '/')).toEqual({
      kind: 'record',
      job: recording,
    })
  })

  it.each<[Compression, string]>([
    [usual, ''],
    [{ ...usual, aim: 'balanced' }, ''],
    [{ ...usual, aim: 'small' }, ' --aim small'],
    [{ ...usual, aim: 'fast', byFrame: true, checksum: false }, ' --aim fast --by-frame --no-checksum'],
    [{ ...usual, byFrame: true }, ' --by-frame'],
    [{ ...usual, codec: 'zstd' }, ' --compression zstd --level 5'],
    [{ ...usual, codec: 'none' }, ' --compression none'],
  ])('says %o, and the command line makes the same of it', (compression, words) => {
    const line = composeCommand({ ...plain, compression }, 'linux') ?? ''
    expect(line).toBe(`weir rewrite /data/a.rtdc --out /data/a_weir.rtdc${words}`)
    const { aim, ...others } = compression
    const expected = aim === undefined || aim === 'balanced' ? others : compression
    const command = parseCommand(readArguments(splitByShell(line).slice(1)), '/')
    expect(command.kind === 'rewrite' && command.settings.compression).toEqual(expected)
  })

  it('says the aim of a recording as well', () => {
    const job: RecordJob = { ...recording, compression: { ...usual, aim: 'small', byFrame: true } }
    const line = composeCommand(job, 'linux') ?? ''
    expect(line).toContain(' --aim small --by-frame ')
    expect(parseCommand(readArguments(splitByShell(line).slice(1)), '/')).toEqual({ kind: 'record', job })
  })

  it('says which basins a basin file has, each with its alternatives', () => {
    expect(splitByShell(composeCommand(basinFile, 'linux') ?? '')).toEqual([
      ...['weir', 'basins', '--out', '/out/b.rtdc'],
      ...['--basin', '/data/a.rtdc', '--alternative', "/mnt/Müller's/a.rtdc", '--basin', '/data/b.rtdc'],
      ...['--paths', 'relative', '--events', '5:20', '--lengths', 'cut', '--overwrite'],
    ])
    const usual: BasinsJob = {
      ...{ ...basinFile, sources: [['/a.rtdc']], paths: 'both', overwrite: false },
      events: { kind: 'all' },
      lengths: 'refuse',
    }
    expect(composeCommand(usual, 'linux')).toBe('weir basins --out /out/b.rtdc --basin /a.rtdc')
  })

  it('is none where the name of a feature has a comma', () => {
    expect(composeCommand({ ...plain, features: ['a,b'] }, 'linux')).toBeNull()
  })

  it('takes a list of events from its file, and is none where folders are to be made', () => {
    const events = { kind: 'indices', file: '/data/my rows.txt' } as const
    expect(composeCommand({ ...plain, events }, 'linux')).toContain("--indices '/data/my rows.txt'")
    expect(composeCommand({ ...plain, outputRoot: '/data' }, 'linux')).toBeNull()
  })

  it('is none where basins are relinked', () => {
    const relink = [{ key: 'a', paths: ['/b.rtdc'] }]
    expect(composeCommand({ ...plain, relink }, 'linux')).toBeNull()
  })
})

describe('a quoted word', () => {
  it('is the same word for a shell again', () => {
    const words = fc.array(
      fc.string({ minLength: 1, unit: 'grapheme' }).filter((word) => !word.includes('\0')),
      {
        ...{ minLength: 1, maxLength: 20 },
      },
    )
    fc.assert(
      fc.property(words, (list) => {
        expect(splitByShell(list.map((word) => quoteWord(word, 'linux')).join(' '))).toEqual(list)
      }),
      { numRuns: 50 },
    )
  })

  it('on Windows is in double quotes, and in single ones where PowerShell would replace something', () => {
    expect(quoteWord('C:\\data\\a.rtdc', 'win32')).toBe('C:\\data\\a.rtdc')
    expect(quoteWord('C:\\my data\\a.rtdc', 'win32')).toBe('"C:\\my data\\a.rtdc"')
    expect(quoteWord('deform,trace', 'win32')).toBe('"deform,trace"')
    expect(quoteWord("C:\\$a's\\b.rtdc", 'win32')).toBe("'C:\\$a''s\\b.rtdc'")
  })
})
