import { describe, expect, it } from 'vitest'
import type { Attribute } from '../../../src-main/hdf5/model.ts'
import {
  makeFixedTextAttribute,
  makeFloatAttribute,
  makeIntegerAttribute,
  makeTextAttribute,
} from '../../../src-main/hdf5/writing/attributes.ts'
import { booleanType, float64Type } from '../../../src-main/hdf5/writing/datatypes.ts'
import { addScalar, findIn } from './measurement-fixture.ts'

function booleanAttribute(name: string, value: boolean): Attribute {
  const bytes = Uint8Array.of(value ? 1 : 0)
  return { name, datatype: booleanType(), dataspace: { kind: 'scalar' }, data: { bytes, sequences: [] } }
}

function arrayAttribute(name: string, shape: readonly number[]): Attribute {
  const bytes = new Uint8Array(shape.reduce((product, length) => product * length, 8))
  return {
    name,
    datatype: float64Type(),
    dataspace: { kind: 'simple', shape, maxShape: shape },
    data: { bytes, sequences: [] },
  }
}

const TEN = Array.from({ length: 10 }, (_, index) => index)

describe('root attributes', () => {
  it.each([
    ['nothing amiss', [], []],
    ['a name without colon', [makeIntegerAttribute('nocolon', 1)], ['violation V_NAME /']],
    ['a name with two colons', [makeIntegerAttribute('user:a:b', 1)], ['violation V_NAME /']],
    ['an unknown section', [makeIntegerAttribute('plugin:a', 1)], ['hint H_SECTION /']],
    ['an unknown key', [makeIntegerAttribute('setup:a', 1)], ['hint H_KEY /']],
    ['keys of the user', [makeIntegerAttribute('user:a', 1), makeTextAttribute('user:b', 'x')], []],
    ['a key in other case', [makeFloatAttribute('setup:Temperature', 23)], []],
    ['empty text', [makeTextAttribute('setup:chip identifier', '')], ['hint H_EMPTY /']],
    [
      'required text that is empty',
      [makeTextAttribute('setup:medium', '')],
      ['violation V_MISSING /', 'hint H_EMPTY /'],
    ],
    ['an integer as float', [makeFloatAttribute('imaging:roi position x', 7)], ['alert A_TYPE /']],
    ['a float as integer', [makeIntegerAttribute('imaging:pixel size', 1)], []],
    ['a number as text', [makeTextAttribute('imaging:frame rate', '2000')], ['alert A_TYPE /']],
    ['text as number', [makeIntegerAttribute('experiment:sample', 7)], ['alert A_TYPE /']],
    ['text of fixed length', [makeFixedTextAttribute('experiment:sample', 'beads')], []],
    ['a boolean', [booleanAttribute('online_contour:no absdiff', true)], []],
    ['a boolean as integer', [makeIntegerAttribute('online_contour:no absdiff', 1)], ['alert A_TYPE /']],
    ['an array for a number', [arrayAttribute('setup:temperature', [1])], ['alert A_TYPE /']],
    ['a pair', [arrayAttribute('qpi:sideband freq', [2])], []],
    ['a pair of three', [arrayAttribute('qpi:sideband freq', [3])], ['alert A_TYPE /']],
    ['upper case in a name', [makeTextAttribute('setup:chip region', 'Channel')], ['alert A_CASE /']],
    ['a polygon', [arrayAttribute('online_filter:area_um,deform polygon points', [4, 2])], []],
    [
      'a polygon of two points',
      [arrayAttribute('online_filter:area_um,deform polygon points', [2, 2])],
      ['violation V_POLYGON /'],
    ],
    [
      'a filter',
      [
        makeFloatAttribute('online_filter:deform min', 1),
        booleanAttribute('online_filter:deform soft limit', true),
      ],
      [],
    ],
    ['a filter of an unknown feature', [makeFloatAttribute('online_filter:a0 min', 1)], ['hint H_KEY /']],
    ['a frame rate of 0', [makeFloatAttribute('imaging:frame rate', 0)], ['violation V_VALUE /']],
    [
      'flow rates that do not add up',
      [makeFloatAttribute('setup:flow rate sheath', 0.5)],
      ['alert A_FLOW /'],
    ],
    [
      'an event count that is wrong',
      [makeIntegerAttribute('experiment:event count', 9)],
      ['violation V_COUNT /'],
    ],
    [
      'a region that is not the image',
      [makeIntegerAttribute('imaging:roi size x', 5)],
      ['violation V_ROI /events/image'],
    ],
    [
      'a medium that the program is known to have mistaken',
      [
        makeTextAttribute('setup:medium', 'CellCarrierB'),
        makeTextAttribute('setup:software version', '2.2.1.0dev'),
      ],
      ['alert A_MEDIUM /'],
    ],
  ])('with %s', async (_what, attributes, expected) => {
    expect(await findIn({ attributes })).toEqual(expected)
  })

  it.each([
    ['experiment:date', 'violation V_MISSING /'],
    ['experiment:event count', 'violation V_MISSING /'],
    ['imaging:roi size y', 'violation V_MISSING /'],
    ['setup:medium', 'violation V_MISSING /'],
    ['setup:flow rate sheath', 'alert A_MISSING /'],
    ['setup:software version', 'alert A_MISSING /'],
  ])('without %s', async (name, expected) => {
    expect(await findIn({ without: [name] })).toEqual([expected])
  })

  it('should name the temperature of the set-up if that of events is there', async () => {
    expect(await findIn({ fill: (_h5, events) => addScalar(events, 'temp', TEN) })).toEqual([
      'alert A_MISSING /',
    ])
  })
})
