import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isReachable, readWindowPlace, saveWindowPlace } from '../../../src-main/shell/window-place.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

const place = { x: -10, y: 20, width: 1280, height: 720, isMaximized: true }

test('the place of the window lasts', async () => {
  const path = join(await makeTemporaryFolder(), 'deep', 'window.json')
  expect(readWindowPlace(path)).toBeUndefined()
  saveWindowPlace(path, place)
  expect(readWindowPlace(path)).toEqual(place)
})

test('a place that makes no sense is forgotten', async () => {
  const path = join(await makeTemporaryFolder(), 'window.json')
  for (const text of ['', 'null', '{"x":1}', JSON.stringify({ ...place, width: 1e9 }), '{"x":']) {
    await writeFile(path, text)
    expect(readWindowPlace(path)).toBeUndefined()
  }
})

test('a window is reachable where its top can be taken hold of', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 }
  expect(isReachable(place, [display])).toBe(true)
  expect(isReachable({ ...place, x: 5000 }, [display])).toBe(false)
  expect(isReachable({ ...place, x: 5000 }, [display, { ...display, x: 4000 }])).toBe(true)
  expect(isReachable({ ...place, y: -30 }, [display])).toBe(false)
  expect(isReachable({ ...place, y: 1070 }, [display])).toBe(false)
  expect(isReachable({ ...place, x: -1250 }, [display])).toBe(false)
})
