import { execFileSync } from 'node:child_process'
import { chmod, chown, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'

import { listEnds, runWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(5)

/** What is no measurement, and what Weir says to it. */
const REFUSED: readonly (readonly [string, string, (path: string) => unknown])[] = [
  ['an empty file', 'E_SHORT', (path) => writeFile(path, '')],
  ['a few bytes', 'E_SHORT', (path) => writeFile(path, 'abc')],
  ['a text', 'E_MAGIC', (path) => writeFile(path, 'time,deform\n'.repeat(1000))],
  ['a folder', 'E_KIND', (path) => mkdir(path)],
  ['nothing', 'E_MISSING', () => undefined],
]

describe.each([
  ['rewrite', (path: string, folder: string) => ['rewrite', path, '--out', join(folder, 'out.rtdc')]],
  [
    'record',
    (path: string, folder: string) => ['record', '--replay', path, '--out', join(folder, 'out.rtdc')],
  ],
  ['inspect', (path: string) => ['inspect', path]],
  ['verify', (path: string) => ['verify', path]],
])('weir %s', (command, compose) => {
  it.for(REFUSED)('refuses %s with exit 2 and %s', async ([name, code, make], { folder }) => {
    const path = join(folder, `${command} ${name}.rtdc`)
    await make(path)
    const end = await runWeir([...compose(path, folder), '--json'])
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual([`refused ${code}`])
    expect(await readdir(folder)).not.toContain('out.rtdc')
    expect(await readdir(folder)).not.toContain('out.rtdc~')
  })

  it('says so to people in one line on standard error', async ({ folder }) => {
    const end = await runWeir(compose(join(folder, 'absent.rtdc'), folder))
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toMatch(/^weir: error: [^\n]*absent\.rtdc[^\n]* \(E_MISSING\)\n$/)
  })

  it.skipIf(process.platform === 'win32')('refuses a pipe and a device at once', async ({ folder }) => {
    const path = join(folder, `${command}.fifo`)
    execFileSync('mkfifo', [path])
    for (const special of [path, '/dev/null']) {
      const end = await runWeir([...compose(special, folder), '--json'])
      expect(end.code).toBe(2)
      expect(listEnds(end)).toEqual(['refused E_KIND'])
    }
  })
})

/** Root may read and write everything: then the program is run as somebody else. */
const isRoot = userInfo().uid === 0
const NOBODY = 65534
const stranger = isRoot ? { uid: NOBODY } : {}

describe.skipIf(process.platform === 'win32')('without permission', () => {
  it('an input is refused', async ({ sample, folder }) => {
    await chmod(folder, 0o755)
    const path = join(folder, 'secret.rtdc')
    await copyFile(sample, path)
    await chmod(path, 0o000)
    const end = await runWeir(['inspect', path, '--json'], stranger)
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_PERM'])
  })

  it('an output folder is refused, and a new one cannot be made in it', async ({ sample, folder }) => {
    await chmod(folder, 0o755)
    const input = join(folder, 'in.rtdc')
    await copyFile(sample, input)
    await chmod(input, 0o644)
    const closed = join(folder, 'closed')
    await mkdir(closed)
    if (isRoot) await chown(closed, NOBODY, NOBODY)
    await chmod(closed, 0o555)
    const out = await runWeir(['rewrite', input, '--out', join(closed, 'o.rtdc'), '--json'], stranger)
    expect(out.code).toBe(2)
    expect(listEnds(out)).toEqual(['refused E_OUT_PERM'])
    const outDir = await runWeir(['rewrite', input, '--out-dir', join(closed, 'new'), '--json'], stranger)
    expect(outDir.code).toBe(2)
    expect(listEnds(outDir)).toEqual(['refused E_PERM'])
    expect(await readdir(closed)).toEqual([])
  })
})
