import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { makeFloatAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { verifyFile } from '../../../src-main/read/verify-file.ts'
import { getPool, writeMeasurement } from '../read/measurement-fixture.ts'
import { makeContext } from './job-fixture.ts'
import { COMMANDS, lookInto, run } from './odd-objects-fixture.ts'

const NAME = 'setup:channel width'
/** The exponent of an attribute of the root lies over its mantissa. */
function writeOverlap(): Promise<string> {
  const good = makeFloatAttribute(NAME, 20)
  const { datatype } = good
  if (datatype.class !== 'float') throw new Error('a float attribute is a float')
  const properties = Uint8Array.from(datatype.properties)
  // Spec: where the exponent begins.
  properties[4] = 7
  return writeMeasurement({
    fill: (h5) => h5.root.setAttribute({ ...good, datatype: { ...datatype, properties } }),
  })
}

describe('an attribute of a float whose parts overlap', () => {
  test.each(COMMANDS)('is left out by name: %s', async (command) => {
    const context = makeContext(getPool())
    const output = await run(command, await writeOverlap(), context)
    expect(context.warnings).toMatchObject([{ code: 'W_LEFT_OUT', object: `/@${NAME}` }])
    expect(context.warnings[0]?.message).toContain('its mantissa and its exponent overlap')
    expect(await lookInto(output, getPool(), (file) => file.attribute('/', NAME))).toBeUndefined()
  })

  test('is damage for verify, which names it', async () => {
    const { findings } = await verifyFile(await writeOverlap(), { disk: nodeDisk, pool: getPool() })
    const damage = findings.filter(({ level }) => level === 'damage')
    expect(damage).toMatchObject([{ code: 'E_META', object: '/' }])
    expect(damage[0]?.message).toContain(`attribute ${NAME} cannot be read`)
  })
})
