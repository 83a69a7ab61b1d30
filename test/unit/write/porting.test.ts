import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

import * as write from '../../../src-main/write/index.ts'

interface Mapped {
  readonly ofDcnum: string
  readonly file: string
  readonly name: string
}

const readPorting = () => readFile(new URL('../../../PORTING.md', import.meta.url), 'utf8')

/** Lines of the table "dcnum's own tests", one for each test named here. */
async function readTable(): Promise<Mapped[]> {
  const [, section = ''] = (await readPorting()).split("\n## dcnum's own tests\n")
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `test_'))
  return lines.flatMap((line) => {
    const [, ofDcnum = '', , here = ''] = line.split('|').map((cell) => cell.trim())
    return here.split('<br>').map((one) => {
      const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(one) ?? []
      return { ofDcnum, file, name }
    })
  })
}

describe('PORTING.md', () => {
  it("names for each of dcnum's tests a test that exists", async () => {
    const table = await readTable()
    expect(new Set(table.map(({ ofDcnum }) => /^`(\w+)/.exec(ofDcnum)?.[1])).size).toBe(28)
    for (const { ofDcnum, file, name } of table) {
      const text = await readFile(new URL(file, import.meta.url), 'utf8')
      const isThere = [`'${name}'`, `"${name}"`].some((quoted) => text.includes(quoted))
      expect(isThere, `${ofDcnum}: ${file}: ${name}`).toBe(true)
    }
  })

  it('has a row for every class and function of the library', async () => {
    const [names = ''] = (await readPorting()).split('\n## Deliberate differences\n')
    const ofWrite = [
      ...['ChunkWriter', 'EventStash', 'QueueWriterBase', 'QueueWriterThread', 'QueueWriterProcess'],
      ...['HDF5Writer', 'EventQueue', 'ChunkQueue', 'FeatNevents', 'FileReader', 'FileWriter'],
      ...['copyBasins', 'copyFeatures', 'copyMetadata', 'createWithBasins', 'setDefaultFilterKwargs'],
    ]
    expect(Object.keys(write)).toEqual(expect.arrayContaining(ofWrite))
    for (const name of ofWrite) expect(names).toContain(`\`${name}`)
  })
})
