import { expect, test } from 'vitest'
import { FileTokens } from '../../../src-main/bridge/file-tokens.ts'
import { expectError } from '../../helpers/expect-error.ts'

test('S10: a token is refused that was never issued, or for the other kind', () => {
  const tokens = new FileTokens()
  const file = tokens.issueFile('/data/a.rtdc')
  const folder = tokens.issueFolder('/data')
  expect(tokens.findFile(file.token)).toBe('/data/a.rtdc')
  expect(tokens.findFolder(folder.token)).toBe('/data')
  expectError(() => tokens.findFolder(file.token), 'E_REQUEST')
  expectError(() => tokens.findFile(folder.token), 'E_REQUEST')
  expectError(() => tokens.findFile('/data/a.rtdc'), 'E_REQUEST')
  expectError(() => new FileTokens().findFile(file.token), 'E_REQUEST')
})

test('the same file has the same token', () => {
  const tokens = new FileTokens()
  expect(tokens.issueFile('/a')).toEqual(tokens.issueFile('/a'))
  expect(tokens.issueFile('/a').token).not.toBe(tokens.issueFolder('/a').token)
})
