import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { listFileArguments } from '../../../src-main/shell/file-arguments.ts'

const folder = resolve('/data')

test('S21: files are what is no switch, and everything after a bare --', () => {
  const argv = ['weir', '--no-sandbox', 'a.rtdc', '-x', '', '/b/c.rtdc', '--', '--odd.rtdc', '--']
  const files = ['a.rtdc', resolve('/b/c.rtdc'), '--odd.rtdc', '--'].map((name) => resolve(folder, name))
  expect(listFileArguments({ argv, folder }, true)).toEqual(files)
})

test('of a checkout the first is the application itself', () => {
  const argv = ['electron', '--inspect=0', '/checkout', '--user-data-dir=/x', 'a.rtdc']
  expect(listFileArguments({ argv, folder }, false)).toEqual([join(folder, 'a.rtdc')])
})
