import { join } from 'node:path'
import { expect, test } from 'vitest'

import { makeIntegerAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { getPool, writeMeasurement } from '../read/measurement-fixture.ts'
import { makeContext, rewrite } from './job-fixture.ts'

test('what has a name that is not UTF-8 is left out by name, because nothing could judge it', async () => {
  const odd = 'caf\udce9'
  const input = await writeMeasurement({
    fill: (h5, events) => {
      for (const group of [h5.root.requireGroup('other'), events]) {
        group.requireGroup(odd)
        group.setAttribute(makeIntegerAttribute(odd, 1))
      }
      return Promise.resolve()
    },
  })
  const output = join(input, '..', 'named.rtdc')
  const { warnings } = await rewrite({ input, output }, makeContext(getPool()))
  const left = warnings.map(({ object }) => object).filter((object) => object?.includes(odd))
  expect(new Set(left)).toEqual(
    new Set([`/other/${odd}`, `/other@${odd}`, `/events/${odd}`, `/events@${odd}`]),
  )
})
