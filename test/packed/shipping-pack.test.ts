import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { describe, expect, test } from 'vitest'
import { makeTemporaryFolder } from '../helpers/temporary-folder.ts'
import { nameShippingPack, runPacked, type PackedOptions } from './run-packed.ts'

const plainProgram = fileURLToPath(new URL('../../out/weir.js', import.meta.url))
const resources = join(dirname(nameShippingPack()), 'resources')

async function makeSurroundings(): Promise<PackedOptions> {
  const folder = await makeTemporaryFolder()
  const [cwd, home] = [join(folder, 'work'), join(folder, 'home')]
  await Promise.all([mkdir(cwd), mkdir(home)])
  return { cwd, home, hasDisplay: false }
}

describe('the shipped program', () => {
  test('has the fuses of the security checklist', async () => {
    const wire = await getCurrentFuseWire(nameShippingPack())
    const found = (option: FuseV1Options) => String.fromCharCode(Number(wire[option]))
    expect({
      RunAsNode: found(FuseV1Options.RunAsNode),
      EnableNodeOptionsEnvironmentVariable: found(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      EnableNodeCliInspectArguments: found(FuseV1Options.EnableNodeCliInspectArguments),
      EnableCookieEncryption: found(FuseV1Options.EnableCookieEncryption),
      EnableEmbeddedAsarIntegrityValidation: found(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      OnlyLoadAppFromAsar: found(FuseV1Options.OnlyLoadAppFromAsar),
      GrantFileProtocolExtraPrivileges: found(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      RunAsNode: '0',
      EnableNodeOptionsEnvironmentVariable: '0',
      EnableNodeCliInspectArguments: '0',
      EnableCookieEncryption: '1',
      EnableEmbeddedAsarIntegrityValidation: '1',
      OnlyLoadAppFromAsar: '1',
      GrantFileProtocolExtraPrivileges: '0',
    })
  })

  test('holds what it runs and nothing else', () => {
    const names = listPackage(join(resources, 'app.asar'), { isPack: false })
    expect(names).toEqual(expect.arrayContaining(['/out/main.js', '/out/preload/preload.cjs', '/LICENSE']))
    expect(
      names.filter((name) => /^\/(test|src-|scripts|docs|assets)|\.(map|ts|mts|cts)$/.test(name)),
    ).toEqual([])
    expect(readdirSync(resources).sort()).toEqual(['app.asar', 'app.asar.unpacked'])
  })

  test.each([
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    '--inspect=0',
    '--js-flags=--expose-gc',
  ])('refuses %s in plain words, exit 2, and has made nothing', async (given) => {
    const surroundings = await makeSurroundings()
    const end = await runPacked([given], surroundings)
    expect(end.code).toBe(2)
    expect(end.stderr).toContain(
      `weir: error: ${given} is a debugging switch, which Weir does not take (E_USAGE)`,
    )
    expect(end.stderr).not.toContain('DevTools listening')
    expect(await readdir(surroundings.home)).toEqual([])
  })

  test('is not turned into Node by the environment, and takes no code from there', async () => {
    const surroundings = await makeSurroundings()
    const variables = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=/absent/code.cjs' }
    const end = await runPacked(['--cli', '--version'], { ...surroundings, variables })
    expect(end).toMatchObject({ code: 0, stdout: expect.stringMatching(/^weir \d/) })
  })
})

describe('--cli', () => {
  test('rewrites without a display as the plain program does, and makes no folder for settings', async () => {
    const surroundings = await makeSurroundings()
    const { cwd } = surroundings
    execFileSync(process.execPath, [plainProgram, 'record', '--simulate', '300', '--out', 'sample.rtdc'], {
      cwd,
    })
    await Promise.all([mkdir(join(cwd, 'packed')), mkdir(join(cwd, 'plain'))])
    const rewrite = (folder: string) => ['rewrite', 'sample.rtdc', '--out-dir', folder, '--json']
    const packed = await runPacked(['--cli', ...rewrite('packed')], surroundings)
    const plain = execFileSync(process.execPath, [plainProgram, ...rewrite('plain')], {
      cwd,
      encoding: 'utf8',
    })
    expect(packed.code).toBe(0)
    expect(readResults(packed.stdout, 'packed')).toEqual(readResults(plain, 'plain'))
    expect(readResults(packed.stdout, 'packed')).toMatchObject([{ status: 'done', verification: 'standard' }])
    expect(await readdir(surroundings.home)).toEqual([])
  })

  test('lets HDF5 itself judge what was written, with the filters beside the archive', async () => {
    const surroundings = await makeSurroundings()
    const record = ['record', '--simulate', '50', '--out', 'a.rtdc', '--verify', 'independent', '--json']
    const end = await runPacked(['--cli', ...record], surroundings)
    expect(readResults(end.stdout, '')).toMatchObject([{ status: 'done', verification: 'independent' }])
  })

  test('writes to a log where it is asked to', async () => {
    const surroundings = await makeSurroundings()
    const end = await runPacked(['--cli', '--log', 'log.txt', '--version'], surroundings)
    expect(end).toMatchObject({ code: 0, stdout: '' })
    expect(await readFile(join(surroundings.cwd, 'log.txt'), 'utf8')).toMatch(/^weir \d+\.\d+\.\d+\n$/)
  })

  test('refuses a log that cannot be written, and runs nothing', async () => {
    const surroundings = await makeSurroundings()
    const record = ['record', '--simulate', '10', '--out', 'a.rtdc']
    const end = await runPacked(['--cli', '--log', 'absent/log.txt', ...record], surroundings)
    expect(end.code).toBe(2)
    expect(end.stderr).toContain('weir: error: --log absent/log.txt: cannot be written')
    expect(await readdir(surroundings.cwd)).toEqual([])
  })
})

describe('--self-test', () => {
  test('runs a sample through the real window, queue and job process, and photographs it', async () => {
    const surroundings = await makeSurroundings()
    const given = ['--self-test=result.json', '--picture=window.png']
    // Its temporary folder goes away with the test's.
    const options = { ...surroundings, hasDisplay: true, variables: { TMPDIR: surroundings.home } }
    const end = await runPacked(given, options)
    const read = (name: string) => readFile(join(surroundings.cwd, name))
    const result = JSON.parse(String(await read('result.json'))) as {
      readonly steps: readonly { readonly name: string }[]
    }
    expect(result).toMatchObject({ passed: true, error: null, figures: { verification: 'standard' } })
    expect(result.steps.map(({ name }) => name)).toEqual(['window', 'bridge', 'sample', 'rewrite', 'picture'])
    expect(end.code).toBe(0)
    expect((await read('window.png')).subarray(1, 4).toString()).toBe('PNG')
  })

  test('says in its exit code and on standard error that the result cannot be written', async () => {
    const surroundings = await makeSurroundings()
    const options = { ...surroundings, hasDisplay: true, variables: { TMPDIR: surroundings.home } }
    const end = await runPacked(['--self-test=absent/result.json'], options)
    expect(end.code).toBe(1)
    expect(end.stderr).toContain('absent/result.json')
  })
})

/** The results without what the clock and the folder's name make different: also the log inside the file holds seconds. */
function readResults(stdout: string, folder: string): object[] {
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return lines
    .filter(({ type }) => type === 'result')
    .map((result) => ({
      ...result,
      seconds: 0,
      bytesWritten: 0,
      output: String(result['output']).replace(`/${folder}/`, '/FOLDER/'),
    }))
}
