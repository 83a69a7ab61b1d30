import { link, mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import {
  BasinTree,
  iterateNodes,
  sortDefinitions,
  type BasinNode,
} from '../../../src-main/read/basin-tree.ts'
import { parseBasin } from '../../../src-main/read/basins.ts'
import type { BasinOpening } from '../../../src-main/read/open-basin.ts'
import { fileBasin, internalBasin, writeReferrer } from './basin-fixture.ts'
import { getPool, lookInto } from './measurement-fixture.ts'

/** What the tree of a file says, while everything is open. */
function grow<T>(
  path: string,
  look: (nodes: readonly BasinNode[]) => T,
  opening: Partial<BasinOpening> = {},
): Promise<T> {
  return lookInto(path, async (measurement) => {
    const tree = await BasinTree.open(measurement, { disk: nodeDisk, pool: getPool(), ...opening })
    try {
      return look(tree.nodes)
    } finally {
      await tree.close()
    }
  })
}

const states = (nodes: readonly BasinNode[]): string[] => nodes.map(({ state }) => state)

describe('the tree of basins', () => {
  it('tells of each definition what it leads to and gives', async () => {
    const big = await writeReferrer({ features: { deform: [1, 2], area_um: [3, 4] } })
    const small = await writeReferrer({
      features: { time: [0, 1] },
      basins: { all: fileBasin(big), some: fileBasin(big, { features: ['deform', 'volume'] }) },
    })
    const [all, some] = await grow(small, (nodes) => nodes)
    expect(all).toMatchObject({ state: 'found', path: big, identifier: 'run-1', children: [] })
    expect(all?.features).toEqual(['area_um', 'deform'])
    expect(some?.features).toEqual(['deform'])
  })

  it('knows what is missing, another measurement, no measurement, on another computer, remote and unknown', async () => {
    const other = await writeReferrer({ identifier: 'run-2' })
    const text = join(dirname(other), 'text.rtdc')
    await writeFile(text, 'no HDF5')
    const small = await writeReferrer({
      basins: {
        a: fileBasin('/nowhere/big.rtdc'),
        b: fileBasin(other),
        c: fileBasin(text),
        d: fileBasin('\\\\host\\share\\big.rtdc'),
        e: { type: 'remote', format: 'http', urls: ['https://example.invalid/x'] },
        f: fileBasin(other, { format: 'zarr' }),
        g: internalBasin(['image_bg'], { mapping: 'basinmap0' }),
      },
    })
    const found = await grow(small, (nodes) => new Map(nodes.map((node) => [node.definition.key, node])))
    expect([...'abcdefg'].map((key) => found.get(key)?.state)).toEqual([
      ...['missing', 'other', 'other', 'network', 'remote', 'unknown', 'missing'],
    ])
    expect(found.get('b')?.places[0]?.reason).toMatch(/run-2/)
    expect(found.get('c')?.places[0]?.path).toBe(text)
  })

  it('takes the first path that leads to the right measurement', async () => {
    const right = await writeReferrer()
    const wrong = await writeReferrer({ identifier: 'run-2' })
    const small = await writeReferrer({
      basins: { a: { ...fileBasin(wrong), paths: ['/nowhere', wrong, right] } },
    })
    const [node] = await grow(small, (nodes) => nodes)
    expect(node).toMatchObject({ state: 'found', path: right })
    expect(node?.places.map(({ state }) => state)).toEqual(['missing', 'other', 'found'])
  })

  it('finds a basin that was moved together with its referrer, also below it and by the other separator', async () => {
    const [big, small] = [
      await writeReferrer(),
      await writeReferrer({ basins: { a: fileBasin('sub\\big.rtdc') } }),
    ]
    const place = join(dirname(small), 'sub')
    await mkdir(place)
    await rename(big, join(place, 'big.rtdc'))
    expect(await grow(small, states)).toEqual(['found'])
  })

  it('follows basins of basins and gives their features too, as far as the definition lets them through', async () => {
    const big = await writeReferrer({ features: { deform: [1], area_um: [2] } })
    const middle = await writeReferrer({ features: { time: [0] }, basins: { m: fileBasin(big) } })
    const top = await writeReferrer({
      features: { pos_x: [0] },
      basins: { a: fileBasin(middle), b: fileBasin(middle, { features: ['deform'] }) },
    })
    const [all, one] = await grow(top, (nodes) => nodes)
    expect(all?.features).toEqual(['area_um', 'deform', 'time'])
    expect(all?.children[0]).toMatchObject({ state: 'found', path: big })
    expect(one?.features).toEqual(['deform'])
  })

  it('ends where a definition leads back to a file from which it was reached, by whatever path', async () => {
    const first = await writeReferrer({
      basins: { a: fileBasin('second.rtdc'), self: fileBasin('made.rtdc') },
    })
    const folder = dirname(first)
    await link(first, join(folder, 'hard.rtdc'))
    const second = await writeReferrer({
      features: { deform: [1, 2, 3, 4] },
      basins: { b: fileBasin('made.rtdc'), c: fileBasin('hard.rtdc') },
    })
    await rename(second, join(folder, 'second.rtdc'))
    const nodes = await grow(first, (all) => all)
    expect(states(nodes)).toEqual(['found', 'cyclic'])
    expect(states(nodes[0]?.children ?? [])).toEqual(['cyclic', 'cyclic'])
  })

  it('does not take the referrer for a basin that is gone and had its name', async () => {
    const small = await writeReferrer({
      basins: { a: fileBasin('/nowhere/made.rtdc'), b: fileBasin('/nowhere/big.rtdc') },
    })
    expect(await grow(small, states)).toEqual(['missing', 'missing'])
  })

  it('stops at a depth', async () => {
    let path = await writeReferrer()
    for (let depth = 0; depth < 20; depth++) path = await writeReferrer({ basins: { a: fileBasin(path) } })
    const all = await grow(path, (nodes) => [...iterateNodes(nodes)])
    expect(all.at(-1)?.state).toBe('bound')
    expect(all.length).toBe(17)
  })

  it('opens a file once that many definitions lead to', async () => {
    const big = await writeReferrer()
    const middle = await writeReferrer({
      basins: { a: fileBasin(big), b: fileBasin(big, { name: 'again' }) },
    })
    const count = await lookInto(middle, async (measurement) => {
      const tree = await BasinTree.open(measurement, { disk: nodeDisk, pool: getPool() })
      await tree.close()
      const again = await BasinTree.open(measurement, { disk: nodeDisk, pool: getPool() })
      const { length } = again.files
      await again.close()
      return length
    })
    expect(count).toBe(1)
  })

  it('looks only where it may', async () => {
    const big = await writeReferrer()
    const small = await writeReferrer({ basins: { a: fileBasin(big) } })
    const asked: string[] = []
    const look = async (path: string) => {
      asked.push(path)
      return { kind: 'outside', path } as const
    }
    expect(await grow(small, states, { look })).toEqual(['unconfirmed'])
    expect(asked).toEqual([big, join(dirname(small), basename(big))])
  })

  it('asks internal basins first, then files, those without a mapping before the others', () => {
    const kinds = [
      ['remote', 'dcor', 'same'],
      ['file', 'hdf5', 'basinmap1'],
      ['other', 'x', 'same'],
      ['file', 'hdf5', 'same'],
      ['remote', 'http', 'same'],
      ['internal', 'h5dataset', 'basinmap0'],
    ]
    const definitions = kinds.map(([type, format, mapping]) => {
      const basin = parseBasin('key', [JSON.stringify({ type, format, mapping })])
      if (typeof basin === 'string') throw new Error(basin)
      return basin
    })
    const sorted = sortDefinitions(definitions).map(({ format, mapping }) => `${format} ${mapping}`)
    expect(sorted).toEqual([
      ...['h5dataset basinmap0', 'hdf5 same', 'hdf5 basinmap1', 'http same', 'dcor same', 'x same'],
    ])
  })
})
