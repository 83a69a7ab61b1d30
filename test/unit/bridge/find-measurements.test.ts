import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findMeasurements } from '../../../src-main/bridge/find-measurements.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

async function makeFiles(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), '')
  }
}

function codesOf(found: Awaited<ReturnType<typeof findMeasurements>>): string[] {
  return found.refused.map(({ code }) => code)
}

describe('what the user chose', () => {
  test('are all measurements in a folder and below, in the order of a reader, and no temporary file', async () => {
    const folder = await makeTemporaryFolder()
    await makeFiles(folder, 'M10.rtdc', 'M2.RTDC', 'x.rtdc~', 'notes.txt', 'b/c/deep.rtdc', 'd.rtdc/in.rtdc')
    const { files, folders, refused } = await findMeasurements([folder])
    const names = ['M2.RTDC', 'M10.rtdc', 'b/c/deep.rtdc', 'd.rtdc/in.rtdc']
    expect(files).toEqual(names.map((name) => join(folder, name)))
    expect(folders).toEqual([folder])
    expect(refused).toEqual([])
  })

  test('are known with the folder they were found in, the one that was given last, and none for a file', async () => {
    const folder = await makeTemporaryFolder()
    await makeFiles(folder, 'a.rtdc', 'b/c.rtdc', 'd.rtdc')
    const inner = join(folder, 'b')
    const { files, roots } = await findMeasurements([join(folder, 'd.rtdc'), inner, folder])
    expect(files).toHaveLength(3)
    expect(roots.get(join(inner, 'c.rtdc'))).toBe(folder)
    expect((await findMeasurements([folder, inner])).roots.get(join(inner, 'c.rtdc'))).toBe(inner)
    expect((await findMeasurements([join(folder, 'd.rtdc')])).roots.size).toBe(0)
  })

  test('is a file whatever it is called, and once', async () => {
    const folder = await makeTemporaryFolder()
    await makeFiles(folder, 'data.h5')
    const path = join(folder, 'data.h5')
    expect((await findMeasurements([path, path, join(folder, '.', 'data.h5')])).files).toEqual([path])
  })

  test.skipIf(process.platform === 'win32')(
    'S23: is not what links inside a folder lead to, nor a pipe; both are named',
    async () => {
      const folder = await makeTemporaryFolder()
      const outside = await makeTemporaryFolder()
      await makeFiles(outside, 'secret.rtdc')
      await symlink(outside, join(folder, 'way-out'))
      await symlink(join(outside, 'secret.rtdc'), join(folder, 'link.rtdc'))
      await symlink(folder, join(folder, 'round'))
      execFileSync('mkfifo', [join(folder, 'pipe.rtdc')])
      const found = await findMeasurements([folder, join(folder, 'pipe.rtdc'), '/dev/null'])
      expect(found.files).toEqual([])
      expect(codesOf(found).sort()).toEqual(['E_KIND', 'E_KIND', 'E_KIND', 'E_LINK', 'E_MISSING'])
    },
  )

  test('is named where it is not there, no path at all, or a folder without measurements', async () => {
    const folder = await makeTemporaryFolder()
    const found = await findMeasurements([join(folder, 'gone.rtdc'), `${folder}\0.rtdc`, folder])
    expect(codesOf(found)).toEqual(['E_MISSING', 'E_MISSING', 'E_MISSING'])
  })

  test('is searched within bounds, and it is said where that was not all', async () => {
    const folder = await makeTemporaryFolder()
    await makeFiles(folder, 'a.rtdc', 'b.rtdc', 'c.rtdc', 'x/y/z/deep.rtdc')
    const few = await findMeasurements([folder], { depth: 32, files: 2, entries: 1000 })
    expect([few.files.length, codesOf(few)]).toEqual([2, ['E_LIMIT']])
    const shallow = await findMeasurements([folder], { depth: 1, files: 100, entries: 1000 })
    expect([shallow.files.length, codesOf(shallow)]).toEqual([3, ['E_LIMIT']])
    const short = await findMeasurements([folder], { depth: 32, files: 100, entries: 2 })
    expect(codesOf(short)).toContain('E_LIMIT')
  })
})
