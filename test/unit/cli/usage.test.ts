import { describe, expect, it } from 'vitest'

import { COMMANDS, OPTIONS } from '../../../src-main/cli/command-options.ts'
import { HELP_TEXT } from '../../../src-main/cli/help-text.ts'
import { runFake } from './fake-surroundings.ts'

/** Each must end with exit code 2 and one line on standard error that names the trouble. */
const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no command', [], /no command/],
  ['an unknown command', ['condense', 'a.rtdc'], /unknown command condense/],
  ['an unknown option', ['inspect', 'a.rtdc', '--bogus'], /unknown option --bogus/],
  ['an unknown option with a value', ['inspect', 'a.rtdc', '--bogus=1'], /unknown option --bogus=1/],
  ['a short option', ['inspect', '-j', 'a.rtdc'], /unknown option -j/],
  ['an option named like an object property', ['inspect', 'a', '--__proto__=1'], /unknown option/],
  ['a negated switch', ['inspect', 'a.rtdc', '--no-json'], /unknown option --no-json/],
  [
    'an option of another command',
    ['inspect', 'a.rtdc', '--level', '3'],
    /--level is no option of weir inspect/,
  ],
  [
    'threads of a recording',
    ['record', '--out', 'o', '--simulate', '1', '--threads', '2'],
    /no option of weir record/,
  ],
  ['a switch twice', ['inspect', 'a.rtdc', '--json', '--json'], /--json is given twice/],
  ['a value twice', ['rewrite', 'a', '--out', 'b', '--out', 'b'], /--out is given twice/],
  ['a value twice, spelt differently', ['rewrite', 'a', '--out', 'b', '--out=c'], /--out is given twice/],
  ['no value at the end', ['rewrite', 'a', '--out'], /--out needs a value/],
  ['an empty value', ['rewrite', 'a', '--out='], /--out needs a value/],
  ['an option in place of a value', ['rewrite', 'a', '--out', '--json'], /--out needs a value/],
  ['the end of options in place of a value', ['rewrite', 'a', '--out', '--', 'b'], /--out needs a value/],
  ['a value for a switch', ['inspect', 'a.rtdc', '--json=yes'], /--json takes no value/],
  ['basins without an output', ['basins', '--basin', 'b'], /basins needs --out FILE/],
  ['basins without a basin', ['basins', '--out', 'o'], /at least one --basin PATH/],
  [
    'an alternative to nothing',
    ['basins', '--out', 'o', '--alternative', 'a', '--basin', 'b'],
    /--alternative a has no --basin before it/,
  ],
  ['a basin without a value', ['basins', '--out', 'o', '--basin'], /--basin needs a value/],
  ['a basin that is an option', ['basins', '--out', 'o', '--basin', '--json'], /--basin needs a value/],
  ['inputs beside basins', ['basins', 'a', '--out', 'o', '--basin', 'b'], /inputs as --basin PATH: a/],
  [
    'unknown paths',
    ['basins', '--out', 'o', '--basin', 'b', '--paths', 'near'],
    /absolute, relative or both/,
  ],
  ['paths twice', ['basins', '--out', 'o', '--basin', 'b', '--paths', 'both', '--paths', 'both'], /twice/],
  [
    'two selections of basins',
    ['basins', '--out', 'o', '--basin', 'b', '--events', ':1', '--indices', 'i'],
    /exclude each other/,
  ],
  [
    'compression of basins',
    ['basins', '--out', 'o', '--basin', 'b', '--level', '3'],
    /no option of weir basins/,
  ],
  ['a basin of a rewrite', ['rewrite', 'a', '--out', 'o', '--basin', 'b'], /no option of weir rewrite/],
  [
    'listening, which is to come',
    ['record', '--out', 'o', '--listen', 'unix:s'],
    /--listen is not yet available/,
  ],

  ['rewrite without an input', ['rewrite', '--out', 'o.rtdc'], /at least one input/],
  ['rewrite with an empty input', ['rewrite', '', '--out', 'o.rtdc'], /empty/],
  ['rewrite without an output', ['rewrite', 'a.rtdc'], /--out FILE or --out-dir DIR/],
  ['both outputs', ['rewrite', 'a', '--out', 'b', '--out-dir', 'c'], /exclude each other/],
  ['--out with several inputs', ['rewrite', 'a', 'b', '--out', 'c'], /--out takes one input, 2 given/],
  ['--out that is a folder', ['rewrite', 'a', '--out', 'c/'], /must be a file/],
  ['--name with --out', ['rewrite', 'a', '--out', 'c', '--name', '{stem}'], /--name/],
  ['an unknown token', ['rewrite', 'a', '--out-dir', 'c', '--name', '{day}'], /\{day\} is no token/],
  ['a token of no name', ['rewrite', 'a', '--out-dir', 'c', '--name', '{}'], /\{\} is no token/],
  ['a brace alone', ['rewrite', 'a', '--out-dir', 'c', '--name', '{stem'], /is no token/],
  [
    'both selections',
    ['rewrite', 'a', '--out', 'b', '--events', '0:1', '--indices', 'f'],
    /exclude each other/,
  ],
  ['no colon in events', ['rewrite', 'a', '--out', 'b', '--events', '5'], /must be A:B/],
  ['negative events', ['rewrite', 'a', '--out', 'b', '--events=-5:3'], /negative numbers are not possible/],
  ['a negative end', ['rewrite', 'a', '--out', 'b', '--events', '0:-3'], /negative numbers are not possible/],
  ['a step of 0', ['rewrite', 'a', '--out', 'b', '--events', '0:3:0'], /at least 1/],
  ['an empty step', ['rewrite', 'a', '--out', 'b', '--events', '0:3:'], /must be A:B/],
  ['events that are no numbers', ['rewrite', 'a', '--out', 'b', '--events', 'a:b'], /must be A:B/],
  ['broken events', ['rewrite', 'a', '--out', 'b', '--events', '0.5:3'], /must be A:B/],
  ['an unknown codec', ['rewrite', 'a', '--out', 'b', '--compression', 'lz4'], /auto, zstd, gzip or none/],
  ['zstd 0', ['rewrite', 'a', '--out', 'b', '--compression', 'zstd', '--level', '0'], /from 1 to 22/],
  ['zstd 23', ['rewrite', 'a', '--out', 'b', '--compression', 'zstd', '--level', '23'], /from 1 to 22/],
  ['gzip 10', ['rewrite', 'a', '--out', 'b', '--compression', 'gzip', '--level', '10'], /from 0 to 9/],
  [
    'a level with auto',
    ['rewrite', 'a', '--out', 'b', '--level', '5'],
    /--level needs --compression zstd or gzip/,
  ],
  [
    'shuffle with auto',
    ['rewrite', 'a', '--out', 'b', '--compression', 'auto', '--shuffle'],
    /--shuffle needs --compression zstd, gzip or none/,
  ],
  [
    'an aim with a codec',
    ['record', '--out', 'b', '--simulate', '1', '--compression', 'zstd', '--aim', 'small'],
    /--aim needs --compression auto, not zstd/,
  ],
  [
    'by frame with a codec',
    ['rewrite', 'a', '--out', 'b', '--compression', 'none', '--by-frame'],
    /--by-frame needs --compression auto, not none/,
  ],
  ['an unknown aim', ['rewrite', 'a', '--out', 'b', '--aim', 'tiny'], /balanced, fast or small/],
  [
    'a level with none',
    ['rewrite', 'a', '--out', 'b', '--compression', 'none', '--level', '5'],
    /no meaning/,
  ],
  [
    'a level that is no number',
    ['rewrite', 'a', '--out', 'b', '--compression', 'zstd', '--level', '5x'],
    /whole number/,
  ],
  [
    'a level with a fraction',
    ['rewrite', 'a', '--out', 'b', '--compression', 'zstd', '--level', '5.0'],
    /whole number/,
  ],
  ['no thread', ['rewrite', 'a', '--out', 'b', '--threads', '0'], /from 1/],
  ['an empty feature', ['rewrite', 'a', '--out', 'b', '--features', 'deform,,area_um'], /empty name/],
  [
    'unknown metadata',
    ['rewrite', 'a', '--out', 'b', '--metadata', 'logs,tests'],
    /attributes, logs or tables/,
  ],
  [
    'none beside other metadata',
    ['rewrite', 'a', '--out', 'b', '--metadata', 'logs,none'],
    /none stands alone/,
  ],
  ['unknown basins', ['rewrite', 'a', '--out', 'b', '--basins', 'all'], /keep, drop or fill/],
  [
    'an unknown verification',
    ['rewrite', 'a', '--out', 'b', '--verify', 'no'],
    /none, standard or independent/,
  ],

  ['a recording without output', ['record', '--simulate', '5'], /needs --out/],
  ['a recording without source', ['record', '--out', 'o'], /needs a source/],
  ['two sources', ['record', '--out', 'o', '--simulate', '5', '--replay', 'a'], /exclude each other/],
  ['an input of a recording', ['record', 'a.rtdc', '--out', 'o', '--simulate', '5'], /no input/],
  [
    'readers of a simulation',
    ['record', '--out', 'o', '--simulate', '5', '--readers', '2'],
    /belongs to --replay/,
  ],
  ['a rate of 0', ['record', '--out', 'o', '--simulate', '5', '--rate', '0'], /above 0/],
  ['a rate in words', ['record', '--out', 'o', '--simulate', '5', '--rate', 'fast'], /above 0/],
  ['a threshold of 0', ['record', '--out', 'o', '--simulate', '5', '--threshold', '0'], /from 1/],
  ['half a frame', ['record', '--out', 'o', '--simulate', '0.5'], /whole number/],
  ['an endless number of frames', ['record', '--out', 'o', '--simulate', '9'.repeat(400)], /whole number/],

  ['inspect without a file', ['inspect'], /one file, 0 given/],
  ['inspect with two files', ['inspect', 'a', 'b'], /one file, 2 given/],
  ['verify without a file', ['verify', '--json'], /at least one file/],
  ['run without a job file', ['run'], /one job file, 0 given/],
]

describe('wrong usage', () => {
  it.each(WRONG)('refuses %s with exit 2 and E_USAGE', async (_name, given, message) => {
    const run = await runFake(given)
    expect(run.code).toBe(2)
    expect(run.stderr.lines).toHaveLength(1)
    expect(run.stderr.text).toMatch(/^weir: error: .* \(E_USAGE\)\n$/)
    expect(run.stderr.text).toMatch(message)
  })

  it('gives each input a refused result with --json, where options and inputs can be told apart', async () => {
    const run = await runFake(['rewrite', 'a', 'b', '--out', 'c', '--json'], { baseFolder: '/base' })
    expect(run.code).toBe(2)
    expect(run.stderr.lines).toHaveLength(1)
    expect(run.json()).toMatchObject([
      {
        type: 'result',
        job: 1,
        input: '/base/a',
        output: null,
        status: 'refused',
        error: { code: 'E_USAGE' },
      },
      {
        type: 'result',
        job: 2,
        input: '/base/b',
        output: null,
        status: 'refused',
        error: { code: 'E_USAGE' },
      },
    ])
  })

  it('says nothing on standard output where it cannot tell options and inputs apart', async () => {
    const run = await runFake(['rewrite', 'a', '--bogus', 'b', '--out', 'c', '--json'])
    expect(run.code).toBe(2)
    expect(run.stdout.text).toBe('')
  })

  it('shows control characters of arguments as escapes', async () => {
    const run = await runFake(['\u001b[31mred\n'])
    expect(run.stderr.lines).toHaveLength(1)
    expect(run.stderr.text).toContain('\\u001b[31mred\\n')
    expect(run.stderr.text).not.toContain('\u001b')
  })
})

describe('help and version', () => {
  it('prints the help on standard output with exit 0', async () => {
    const run = await runFake(['--help'])
    expect(run).toMatchObject({ code: 0, stdout: { text: HELP_TEXT }, stderr: { text: '' } })
  })

  it('prints the help of a command without its arguments', async () => {
    expect(await runFake(['rewrite', '--help'])).toMatchObject({ code: 0, stdout: { text: HELP_TEXT } })
  })

  it('prints the version with exit 0', async () => {
    const run = await runFake(['--version'])
    expect(run.code).toBe(0)
    expect(run.stdout.text).toMatch(/^weir \d+\.\d+\.\d+\n$/)
  })

  it('prints both as JSON with --json', async () => {
    expect((await runFake(['--version', '--json'])).json()).toMatchObject([{ type: 'version' }])
    expect((await runFake(['--help', '--json'])).json()).toEqual([{ type: 'help', text: HELP_TEXT }])
  })

  it('refuses an unknown option beside --help', async () => {
    expect((await runFake(['--help', '--bogus'])).code).toBe(2)
  })

  it('names every command and option of this version in the help, and none that is to come', () => {
    for (const command of COMMANDS) expect(HELP_TEXT).toContain(`weir ${command}`)
    for (const [name, { isPlanned }] of OPTIONS)
      expect(HELP_TEXT.includes(`--${name}`), name).toBe(isPlanned !== true)
  })
})
