import { expect, it } from 'vitest'
import { compareNames } from '../../../../src-main/hdf5/reading/order-names.ts'
import { readAttributeValue } from '../../../../src-main/hdf5/reading/attribute-value.ts'
import { expectRejection } from '../../../helpers/expect-error.ts'
import { findGroup, openFixture } from './reading-fixture.ts'

const FILES = ['groups-earliest', 'groups-latest']

it.each(FILES)('lists all links of a large group, sorted by their bytes: %s', async (name) => {
  const file = await openFixture(name)
  const names = (await findGroup(file, '/links')).links.map((link) => link.name)
  expect(names).toHaveLength(602)
  const bytes = names.map((each) => Buffer.from(each))
  expect(bytes).toEqual(bytes.toSorted((a, b) => Buffer.compare(a, b)))
  // By code units these two would come the other way round.
  expect(names.slice(-2)).toEqual(['\uff5e', '\u{1f600}'])
})

it.each(FILES)('finds each of them by path: %s', async (name) => {
  const file = await openFixture(name)
  const one = await file.find('/one')
  for (const path of ['/links/link 0', 'links/link 599', '/links/./\u{1f600}', '//links//link 77/']) {
    expect((await file.find(path))?.address, path).toBe(one?.address)
  }
  expect(await file.find('/links/link 600')).toBeUndefined()
  expect(await file.find('/one/more')).toBeUndefined()
})

it.each(FILES)('reads many attributes of one group: %s', async (name) => {
  const group = await findGroup(await openFixture(name), '/attributes')
  const values = new Map(group.attributes.map((attribute) => [attribute.name, readAttributeValue(attribute)]))
  for (let index = 0; index < 40; index += 1) {
    expect(values.get(`a${index}`)).toBe(`text ${index} `.repeat(index % 5))
  }
  expect(group.refused).toEqual([])
})

it('reads an attribute that has a place of its own because it is huge', async () => {
  const group = await findGroup(await openFixture('groups-latest'), '/attributes')
  const huge = group.attributes.find((attribute) => attribute.name === 'huge')
  expect(huge && readAttributeValue(huge)).toEqual(Array.from({ length: 10000 }, (_, index) => index % 5))
})

it.each(FILES)('gives an empty group without links: %s', async (name) => {
  const group = await findGroup(await openFixture(name), '/empty')
  expect(group).toMatchObject({ path: '/empty', links: [], attributes: [] })
})

it.each(['types-earliest', 'types-latest'])('tells the kinds of links apart: %s', async (name) => {
  const file = await openFixture(name)
  const { links } = await findGroup(file, '/group')
  const inner = (await file.find('/group/inner'))?.address
  expect(links).toEqual([
    { kind: 'soft', name: 'dangling', target: 'nowhere' },
    { kind: 'hard', name: 'inner', address: inner },
    { kind: 'external', name: 'outside', file: 'elsewhere.h5', target: '/x' },
    { kind: 'soft', name: 'relative', target: 'inner/again' },
    { kind: 'soft', name: 'round', target: 'round' },
    { kind: 'soft', name: 'soft', target: '/contiguous' },
  ])
})

it('follows soft links inside the file, and nothing out of it', async () => {
  const file = await openFixture('types-latest')
  const contiguous = await file.find('/contiguous')
  expect((await file.find('/group/soft'))?.address).toBe(contiguous?.address)
  expect((await file.find('/group/relative'))?.address).toBe(contiguous?.address)
  expect(await file.find('/group/dangling')).toBeUndefined()
  expect(await file.find('/group/outside')).toBeUndefined()
  expect(await file.find('/group/outside/deeper')).toBeUndefined()
})

it('ends where a soft link names itself', async () => {
  const file = await openFixture('types-latest')
  await expectRejection(file.find('/group/round'), 'E_CYCLE')
})

it('reaches a group through a hard link to one above it', async () => {
  const file = await openFixture('types-latest')
  const above = await file.find('/group/inner/up/inner/up')
  expect(above).toMatchObject({
    path: '/group/inner/up/inner/up',
    address: (await file.find('/group'))?.address,
  })
})

it('recognises a committed datatype as an object', async () => {
  const file = await openFixture('types-earliest')
  expect(await file.find('/type')).toMatchObject({ kind: 'datatype', path: '/type' })
})

it('compares names as their UTF-8 bytes compare', () => {
  const names = ['a', 'ab', 'b', '', 'é', '\uffff', '\u{10000}', '\u{10ffff}', '\ue000', 'Z']
  const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect([...names].sort(compareNames)).toEqual(byBytes)
})
