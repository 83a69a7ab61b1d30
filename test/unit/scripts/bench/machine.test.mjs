import { expect, test } from 'vitest'
import { findFileSystem } from '../../../../scripts/bench/machine.mjs'
import { parseProcessorSeconds, parsePss } from '../../../../scripts/bench/process-tree.mjs'

const mounts = [
  '/dev/a / ext4 rw 0 0',
  'tmpfs /data tmpfs rw 0 0',
  '/dev/b /data/my\\040disk xfs rw 0 0',
  '',
].join('\n')

test.each([
  ['/home/x', 'ext4'],
  ['/data', 'tmpfs'],
  ['/data/other', 'tmpfs'],
  ['/database', 'ext4'],
  ['/data/my disk/x', 'xfs'],
])('finds the file system of %s', (folder, kind) => {
  expect(findFileSystem(mounts, folder)).toBe(kind)
})

test('knows no file system without a list of mounts', () => {
  expect(findFileSystem('', '/home')).toBeUndefined()
})

test('reads the PSS of a process, 0 of one that has ended', () => {
  expect(parsePss('Rss:  300 kB\nPss:   200 kB\nPss_Anon:  100 kB\n')).toBe(200 * 1024)
  expect(parsePss('')).toBe(0)
})

test('reads processor time behind a name with brackets and blanks', () => {
  const stat = `7 (a) b) S ${Array.from({ length: 10 }, () => '1').join(' ')} 250 50 9 9`
  expect(parseProcessorSeconds(stat)).toBe(3)
  expect(parseProcessorSeconds('')).toBeUndefined()
})
