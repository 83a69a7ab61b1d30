import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAbsolutePath, previewPaths } from '../../../../src-renderer/features/basin-file/preview-paths.ts'

const name = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'B', 'ü', '.', ' ', '1') })
const names = fc.array(name, { minLength: 1, maxLength: 5 })

describe('paths as they will stand in a basin file', () => {
  it('are absolute, relative to the folder of the file, or both, each once', () => {
    const paths = ['/data/in/a.rtdc', '/data/in/a.rtdc', 'P:\\in\\a.rtdc']
    const options = { folder: '/data/out', isWindows: false }
    expect(previewPaths(paths, { ...options, style: 'absolute' })).toEqual([paths[0], paths[2]])
    expect(previewPaths(paths, { ...options, style: 'relative' })).toEqual(['../in/a.rtdc', paths[2]])
    expect(previewPaths(paths, { ...options, style: 'both' })).toEqual([paths[0], '../in/a.rtdc', paths[2]])
  })

  it('on Windows have forward slashes, and none that leads to another drive', () => {
    const options = { style: 'relative', folder: 'C:\\Data\\out', isWindows: true } as const
    expect(previewPaths(['c:\\data\\a.rtdc', 'D:\\a.rtdc', '\\\\host\\share\\a.rtdc'], options)).toEqual([
      '../a.rtdc',
      'D:\\a.rtdc',
      '\\\\host\\share\\a.rtdc',
    ])
  })

  it('are absolute as long as no folder is chosen', () => {
    const options = { style: 'relative', folder: null, isWindows: false } as const
    expect(previewPaths(['/data/a.rtdc'], options)).toEqual(['/data/a.rtdc'])
  })

  it('are those that Node makes, on both systems', () => {
    fc.assert(
      fc.property(names, names, fc.boolean(), (to, from, isWindows) => {
        const { resolve, relative, sep } = isWindows ? win32 : posix
        const root = isWindows ? 'C:\\' : '/'
        const [path, folder] = [root + to.join(sep), root + from.join(sep)]
        fc.pre(resolve(path) !== resolve(folder))
        expect(previewPaths([path], { style: 'relative', folder, isWindows })).toEqual([
          relative(folder, path).replaceAll('\\', '/'),
        ])
      }),
    )
  })
})

it('a path is absolute on the system that it is of', () => {
  for (const path of ['/a', 'C:\\a', 'c:/a', '\\\\host\\share\\a', '//host/a'])
    expect(isAbsolutePath(path), path).toBe(true)
  for (const path of ['a', './a', '../a', 'C:a', '']) expect(isAbsolutePath(path), path).toBe(false)
})
