import { describe, expect, it } from 'vitest'
import type { BasinPathView, BasinView } from '../../../../src-preload/contract.ts'
import {
  buildGraph,
  canRelink,
  findNode,
  pickFirst,
} from '../../../../src-renderer/features/basins/basin-graph.ts'
import { makeView } from '../sheet/view-samples.ts'

function path(state: BasinPathView['state'], given = '/data/a.rtdc'): BasinPathView {
  return { given, state, resolved: given, folder: null }
}

function basin(part: Partial<BasinView>): BasinView {
  return {
    ...{ key: 'k', type: 'file', format: 'hdf5', name: 'n', description: null, features: ['deform'] },
    ...{ mapping: 'same', identifier: null, paths: [], urls: [], basins: [] },
    ...part,
  }
}

function judge(part: Partial<BasinView>) {
  return buildGraph(makeView({ basins: [basin(part)] }))[0]!
}

describe('a node of the graph', () => {
  it('is what became of its best path', () => {
    expect(judge({ paths: [path('missing'), path('found', '/b/c.rtdc')] })).toMatchObject({
      ...{ state: 'found', name: 'c.rtdc', isOwn: true },
    })
    expect(judge({ paths: [path('missing'), path('other')] }).state).toBe('other')
    expect(judge({ paths: [path('other'), path('network')] }).state).toBe('network')
    expect(judge({ paths: [path('missing'), path('unconfirmed')] }).state).toBe('unconfirmed')
    expect(judge({}).state).toBe('missing')
  })

  it('of another type has a state of its own', () => {
    expect(judge({ type: 'internal', format: 'h5dataset' })).toMatchObject({ state: 'internal', name: 'n' })
    expect(judge({ type: 'remote', name: null, urls: ['https://a/b'] })).toMatchObject({
      ...{ state: 'remote', name: 'https://a/b' },
    })
    expect(judge({ type: 'strange' }).state).toBe('unknown')
    const warning = { code: 'W_BASIN', message: 'lacks', path: '/f', object: '/basins/k' }
    const view = makeView({ basins: [basin({ type: 'internal' })], warnings: [warning] })
    expect(buildGraph(view)[0]!.state).toBe('lost')
  })

  it('can be relinked where it leads to no file and stands in the file itself', () => {
    expect(canRelink(judge({ paths: [path('missing')] }))).toBe(true)
    expect(canRelink(judge({ paths: [path('other')] }))).toBe(true)
    expect(canRelink(judge({ paths: [path('found')] }))).toBe(false)
    expect(canRelink(judge({ type: 'internal' }))).toBe(false)
    const inner = { ...basin({ key: 'inner', paths: [path('missing')] }), basins: [] }
    const outer = judge({ paths: [path('found')], basins: [inner] })
    expect(outer.children[0]).toMatchObject({ state: 'missing', referrer: '/data/a.rtdc', isOwn: false })
    expect(canRelink(outer.children[0]!)).toBe(false)
  })
})

it('what is broken is shown first, and every node is found by its id', () => {
  const inner = { ...basin({ key: 'inner' }), basins: [] }
  const nodes = buildGraph(
    makeView({
      basins: [
        basin({ key: 'whole', paths: [path('found')], basins: [inner] }),
        basin({ key: 'broken', paths: [path('missing')] }),
      ],
    }),
  )
  expect(pickFirst(nodes)).toBe('/broken')
  expect(pickFirst(nodes.slice(0, 1))).toBe('/whole')
  expect(pickFirst([])).toBeNull()
  expect(findNode(nodes, '/whole/inner')?.basin.key).toBe('inner')
  expect(findNode(nodes, '/inner')).toBeNull()
})
