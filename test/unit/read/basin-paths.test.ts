import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { describeBasins, findLostPaths, locatePath } from '../../../src-main/read/basin-paths.ts'
import { parseBasin } from '../../../src-main/read/basins.ts'
import type { BasinDefinition } from '../../../src-main/read/basins.ts'
import { wrapDisk } from '../../helpers/faulty-disk.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

function basinOf(paths: readonly string[], type = 'file'): BasinDefinition {
  const basin = parseBasin('key', [JSON.stringify({ type, format: 'hdf5', paths })])
  if (typeof basin === 'string') throw new Error(basin)
  return basin
}

/** A folder with `here/big.rtdc`, `here/sub/small.rtdc` and `there/big.rtdc`. */
async function makeFiles(): Promise<string> {
  const folder = await makeTemporaryFolder()
  await mkdir(join(folder, 'here', 'sub'), { recursive: true })
  await mkdir(join(folder, 'there'))
  for (const name of ['here/big.rtdc', 'here/sub/small.rtdc', 'there/big.rtdc'])
    await writeFile(join(folder, name), name)
  return folder
}

describe('looking for the file of a basin', () => {
  it('takes an absolute path as it is', async () => {
    const folder = await makeFiles()
    const path = join(folder, 'there', 'big.rtdc')
    expect(await locatePath(nodeDisk, join(folder, 'here'), path)).toMatchObject({ found: path, by: 'path' })
  })

  it('looks beside the referrer for the name of an absolute path that leads nowhere', async () => {
    const here = join(await makeFiles(), 'here')
    const beside = { found: join(here, 'big.rtdc'), by: 'name' }
    expect(await locatePath(nodeDisk, here, '/gone/for/good/big.rtdc')).toMatchObject(beside)
  })

  it.runIf(process.platform !== 'win32')('looks for the name of a path of Windows', async () => {
    const here = join(await makeFiles(), 'here')
    expect(await locatePath(nodeDisk, here, 'C:\\data\\big.rtdc')).toMatchObject({
      found: join(here, 'big.rtdc'),
      by: 'name',
    })
  })

  it('looks for the name beside the referrer before it follows a relative path', async () => {
    const here = join(await makeFiles(), 'here')
    expect(await locatePath(nodeDisk, here, '../there/big.rtdc')).toMatchObject({
      found: join(here, 'big.rtdc'),
      by: 'name',
    })
  })

  it.each(['sub/small.rtdc', 'sub\\small.rtdc', '..\\here\\sub\\small.rtdc'])(
    'follows %s with either separator',
    async (path) => {
      const here = join(await makeFiles(), 'here')
      expect(await locatePath(nodeDisk, here, path)).toMatchObject({
        found: join(here, 'sub', 'small.rtdc'),
        by: 'relative',
      })
    },
  )

  it.each(['', '.', '..', 'sub', 'a\0b', 'gone.rtdc', 'x'.repeat(5000)])(
    'finds nothing under %j',
    async (path) => {
      const here = join(await makeFiles(), 'here')
      expect(await locatePath(nodeDisk, here, path)).toMatchObject({ found: null, by: null })
    },
  )

  it.each(['\\\\host\\share\\big.rtdc', '//host/share/big.rtdc'])(
    'does not even ask for the network path %s',
    async (path) => {
      const here = join(await makeFiles(), 'here')
      const disk = wrapDisk(nodeDisk, {})
      expect(await locatePath(disk, here, path)).toMatchObject({ found: null, isNetworkPath: true })
      expect(disk.operations).toEqual([])
    },
  )
})

describe('describing basins', () => {
  it('gives the first file that is there and opens none', async () => {
    const folder = await makeFiles()
    const referrer = join(folder, 'here', 'referrer.rtdc')
    const disk = wrapDisk(nodeDisk, {})
    const described = await describeBasins(disk, referrer, [
      basinOf(['gone.rtdc', 'big.rtdc']),
      basinOf(['gone.rtdc']),
      basinOf(['big.rtdc'], 'internal'),
    ])
    expect(described.map((basin) => basin.found)).toEqual([join(folder, 'here', 'big.rtdc'), null, null])
    expect(disk.operations.filter((operation) => operation.kind === 'open')).toEqual([])
  })
})

describe('paths that a rewritten file would lose', () => {
  async function findLost(
    paths: readonly string[],
    folders: { readonly folder: string; readonly to: string },
  ) {
    const { folder, to } = folders
    const places = { source: join(folder, 'here', 'referrer.rtdc'), outputFolder: join(folder, to) }
    return findLostPaths(nodeDisk, [basinOf(paths)], places)
  }

  it('are relative ones that lead nowhere from the new folder', async () => {
    const folder = await makeFiles()
    const lost = await findLost(['sub/small.rtdc'], { folder, to: 'there' })
    expect(lost).toMatchObject([
      { path: 'sub/small.rtdc', absolute: join(folder, 'here', 'sub', 'small.rtdc') },
    ])
  })

  it('are relative ones that lead to another file of that name', async () => {
    const folder = await makeFiles()
    const lost = await findLost(['big.rtdc'], { folder, to: 'there' })
    expect(lost).toMatchObject([{ path: 'big.rtdc', absolute: join(folder, 'here', 'big.rtdc') }])
  })

  it('are none in the same folder', async () => {
    const folder = await makeFiles()
    expect(await findLost(['big.rtdc', 'sub/small.rtdc'], { folder, to: 'here' })).toEqual([])
  })

  it('are none where the definition has the absolute path too', async () => {
    const folder = await makeFiles()
    expect(await findLost([join(folder, 'here', 'big.rtdc'), 'big.rtdc'], { folder, to: 'there' })).toEqual(
      [],
    )
  })

  it('are none that led nowhere before', async () => {
    const folder = await makeFiles()
    expect(await findLost(['gone.rtdc'], { folder, to: 'there' })).toEqual([])
  })
})
