import { expect, test } from 'vitest'
import { checkNodeVersion, isSameInstallation } from '../../../scripts/setup/npm-packages.mjs'

const wanted = {
  '': { name: 'weir' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
}
const both = { 'node_modules/a': wanted['node_modules/a'], 'node_modules/b': wanted['node_modules/b'] }

test('takes an installation that is what the lock file says', () => {
  expect(isSameInstallation(wanted, both)).toBe(true)
})

test('takes one without the optional packages of other platforms', () => {
  expect(isSameInstallation(wanted, { 'node_modules/a': wanted['node_modules/a'] })).toBe(true)
})

test.each([
  ['a missing package', { 'node_modules/b': wanted['node_modules/b'] }],
  ['another version', { ...both, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['another content', { ...both, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }],
  ['a package too many', { ...both, 'node_modules/c': { version: '1.0.0' } }],
])('does not take one with %s', (_what, present) => {
  expect(isSameInstallation(wanted, present)).toBe(false)
})

test.each(['20.19.0', '20.20.2', '22.1.0', '24.0.0'])('runs on Node %s', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow()
})

test.each(['18.20.0', '20.18.3'])('refuses Node %s and says which one it needs', (version) => {
  expect(() => checkNodeVersion(version)).toThrow('Node 20.19 or newer')
})
