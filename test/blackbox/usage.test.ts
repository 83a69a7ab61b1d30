import { describe, expect, it } from 'vitest'

import { listEnds, parseLines, runWeir } from './run-weir.ts'

describe('weir', () => {
  it('prints help and version with exit 0', async () => {
    const help = await runWeir(['--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const command of ['rewrite', 'record', 'inspect', 'verify', 'run']) {
      expect(help.stdout).toContain(`weir ${command}`)
    }
    const version = await runWeir(['--version'])
    expect(version).toMatchObject({ code: 0, stderr: '' })
    expect(version.stdout).toMatch(/^weir \d+\.\d+\.\d+\n$/)
  })

  it.each([
    ['no command', []],
    ['an unknown command', ['condense']],
    ['an unknown option', ['inspect', 'a.rtdc', '--bogus']],
    ['an option twice', ['rewrite', 'a.rtdc', '--out', 'b.rtdc', '--level', '3', '--level', '3']],
    ['an option without its value', ['rewrite', 'a.rtdc', '--out']],
    ['a level with none', ['rewrite', 'a.rtdc', '--out', 'b.rtdc', '--compression', 'none', '--level', '5']],
    ['several inputs for --out', ['rewrite', 'a.rtdc', 'b.rtdc', '--out', 'c.rtdc']],
    ['an alternative to no basin', ['basins', '--out', 'o.rtdc', '--alternative', 'b.rtdc']],
    ['an option to come', ['record', '--out', 'o.rtdc', '--listen', 'unix:socket']],
  ])('refuses %s with exit 2 and one line on standard error', async (_name, given) => {
    const end = await runWeir(given)
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toMatch(/^weir: error: [^\n]+ \(E_USAGE\)\n$/)
  })

  it('gives a result line for each input of a wrong command with --json', async () => {
    const end = await runWeir(['rewrite', 'a.rtdc', 'b.rtdc', '--out', 'c.rtdc', '--json'])
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_USAGE', 'refused E_USAGE'])
    expect(parseLines(end)).toHaveLength(2)
  })
})
