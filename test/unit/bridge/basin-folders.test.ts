import { expect, test } from 'vitest'
import { BasinFolders } from '../../../src-main/bridge/basin-folders.ts'
import type { FileView } from '../../../src-main/jobs/file-view.ts'
import { expectError } from '../../helpers/expect-error.ts'

function nameFolders(...paths: FileView['basins'][number]['paths']): FileView {
  const basin = {
    ...{ key: 'k', type: 'file', format: 'hdf5', name: null, description: null, features: null },
    ...{ mapping: 'same', identifier: null, paths, urls: [], basins: [] },
  }
  return {
    ...{ path: '/a', bytes: 1, events: 1, identifier: null, attributes: [], features: [] },
    ...{ logs: [], tables: [], basins: [basin], otherGroups: [], warnings: [] },
  }
}

test('S23: only a folder that a description of the file named can be confirmed', () => {
  const folders = new BasinFolders()
  const path = { given: 'b', resolved: '/b/x', state: 'unconfirmed', folder: '/b' } as const
  const share = { given: 's', resolved: null, state: 'network', folder: '//host/share' } as const
  folders.note('/a', nameFolders(path, share))
  expect(folders.findNamed('/a', '/b')).toEqual({ folder: '/b', isOnNetwork: false })
  expect(folders.findNamed('/a', '//host/share').isOnNetwork).toBe(true)
  expectError(() => folders.findNamed('/a', '/etc'), 'E_REQUEST')
  expectError(() => folders.findNamed('/other', '/b'), 'E_REQUEST')
  expect(folders.allowed).toEqual([])
  folders.allow(['/b', '/b'])
  expect(folders.allowed).toEqual(['/b'])
  folders.note('/a', nameFolders())
  expectError(() => folders.findNamed('/a', '/b'), 'E_REQUEST')
})
