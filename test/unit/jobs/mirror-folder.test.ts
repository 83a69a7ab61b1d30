import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mirrorFolder } from '../../../src-main/jobs/mirror-folder.ts'

const path = (...names: readonly string[]) => resolve('/', ...names)

describe('the folder that mirrors that of an input', () => {
  test('has the name of the added folder first, then the way to the input', () => {
    const root = path('data', 'day 1')
    expect(mirrorFolder(path('out'), { root, input: join(root, 'chip', '2', 'M1.rtdc') })).toBe(
      path('out', 'day 1', 'chip', '2'),
    )
    expect(mirrorFolder(path('out'), { root, input: join(root, 'M1.rtdc') })).toBe(path('out', 'day 1'))
  })

  test('has no name for the root of a system, which has none', () => {
    expect(mirrorFolder(path('out'), { root: path(), input: path('a', 'M1.rtdc') })).toBe(
      process.platform === 'win32' ? path('out', path().slice(0, 1), 'a') : path('out', 'a'),
    )
  })

  test('is none for an input that is not below the root', () => {
    expect(mirrorFolder(path('out'), { root: path('data'), input: path('database', 'M1.rtdc') })).toBeNull()
    expect(mirrorFolder(path('out'), { root: path('a', 'b'), input: path('a', 'M1.rtdc') })).toBeNull()
  })

  test('is always inside the chosen one', () => {
    const names = fc.array(fc.stringMatching(/^[a-z.]{1,4}$/), { maxLength: 5 })
    fc.assert(
      fc.property(names, names, (rootNames, inputNames) => {
        const [root, input] = [path(...rootNames), path(...inputNames, 'M.rtdc')]
        const folder = mirrorFolder(path('out'), { root, input })
        if (folder !== null)
          expect(`${folder}/`.startsWith(`${path('out')}/`.replaceAll('\\', '/'))).toBe(true)
      }),
    )
  })
})
