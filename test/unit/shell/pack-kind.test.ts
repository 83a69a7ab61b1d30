import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPackKind } from '../../../src-main/shell/pack-kind.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

test.each([
  [{}, 'checkout'],
  [{ weirPack: 'test' }, 'test'],
  [{ weirPack: 'shipping' }, 'shipping'],
  [{ weirPack: 'anything' }, 'shipping'],
])('%j is a pack of the kind %s', async (description, kind) => {
  const folder = await makeTemporaryFolder()
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'weir', ...description }))
  expect(readPackKind(folder)).toBe(kind)
})

test('the sources are a checkout', () => {
  expect(readPackKind(process.cwd())).toBe('checkout')
})
