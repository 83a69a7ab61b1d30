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
    ['an unknown section', [makeIntegerAttribute('plugin:a', 1)], ['violation V_SECTION /']],
    ['a section in another case', [makeTextAttribute('Setup:Medium', 'x')], ['violation V_SECTION /']],
    ['a setting of readers', [makeIntegerAttribute('filtering:limit events', 5)], ['hint H_SECTION /']],
    ['an unknown key', [makeIntegerAttribute('setup:a', 1)], ['alert A_KEY /']],
    ['keys of the user', [makeIntegerAttribute('user:a', 1), makeTextAttribute('user:b', 'x')], []],
    ['a key in other case', [makeFloatAttribute('setup:Temperature', 23)], []],
    ['empty text', [makeTextAttribute('setup:chip identifier', '')], ['alert A_EMPTY /']],
    [
      'required text that is empty',
      [makeTextAttribute('setup:medium', '')],
      ['violation V_MISSING /', 'alert A_EMPTY /'],
    ],
    ['an integer as float', [makeFloatAttribute('imaging:roi position x', 7)], ['alert A_TYPE /']],
    ['a float as integer', [makeIntegerAttribute('imaging:pixel size', 1)], []],
    ['a number as text', [makeTextAttribute('imaging:frame rate', '2000')], ['alert A_TYPE /']],
    ['text as number', [makeIntegerAttribute('experiment:sample', 7)], ['alert A_TYPE /']],
    ['text of fixed length', [makeFixedTextAttribute('experiment:sample', 'beads')], []],
    ['a boolean', [booleanAttribute('online_contour:no absdiff', true)], []],
    ['a boolean as integer', [makeIntegerAttribute('online_contour:no absdiff', 1)], ['alert A_TYPE /']],
    ['an array for a number', [arrayAttribute('setup:temperature', [1])], ['violation V_TYPE /']],
    ['a comma in a number', [makeTextAttribute('setup:temperature', '23,5')], ['violation V_TYPE /']],
    ['a word for a number', [makeTextAttribute('setup:temperature', 'warm')], ['violation V_TYPE /']],
    [
      'a word for an integer',
      [makeTextAttribute('online_contour:bin kernel', 'inf')],
      ['violation V_TYPE /'],
    ],
    ['a truth for an integer', [makeTextAttribute('online_contour:bin kernel', 'True')], ['alert A_TYPE /']],
    ['a truth for a number', [makeTextAttribute('setup:temperature', 'true')], ['violation V_TYPE /']],
    ['no number', [makeFloatAttribute('setup:temperature', NaN)], ['alert A_VALUE /']],
    ['no number of the user', [makeFloatAttribute('user:x', NaN)], ['alert A_VALUE /']],
    ['an infinite number', [makeFloatAttribute('setup:temperature', Infinity)], ['alert A_VALUE /']],
    [
      'no number for an integer',
      [makeFloatAttribute('online_contour:bin kernel', NaN)],
      ['violation V_TYPE /'],
    ],
    [
      'an integer that no double holds',
      [makeIntegerAttribute('online_contour:bin kernel', 2n ** 53n + 1n)],
      ['alert A_VALUE /'],
    ],
    ['a number for a name', [makeIntegerAttribute('setup:chip identifier', 7)], ['violation V_TYPE /']],
    [
      'a boolean or float that is a boolean',
      [booleanAttribute('qpi:scale to filter', true)],
      ['violation V_TYPE /'],
    ],
    [
      'a list of polygon filters',
      [makeTextAttribute('filtering:polygon filters', '1')],
      ['hint H_SECTION /', 'violation V_TYPE /'].reverse(),
    ],
    [
      'text that is no UTF-8',
      [
        {
          ...makeFixedTextAttribute('user:x', 'ab'),
          data: { bytes: Uint8Array.of(0xff, 0xfe), sequences: [] },
        },
      ],
      ['violation V_TYPE /'],
    ],
    [
      'a frame rate of 0 as text',
      [makeTextAttribute('imaging:frame rate', '0')],
      ['violation V_VALUE /', 'alert A_TYPE /'],
    ],
    ['a size of the region as text', [makeTextAttribute('imaging:roi size x', '4')], ['alert A_TYPE /']],
    [
      'dclab 0.3.2 as writer',
      [makeTextAttribute('setup:software version', 'dclab 0.3.2 | weir 1')],
      ['violation V_VERSION /'],
    ],
    ['dclab 0.10.1 as writer', [makeTextAttribute('setup:software version', 'dclab 0.10.1')], []],
    ['a pair', [arrayAttribute('qpi:sideband freq', [2])], []],
    ['a pair of three', [arrayAttribute('qpi:sideband freq', [3])], ['violation V_TYPE /']],
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
    ['a filter of an unknown feature', [makeFloatAttribute('online_filter:a0 min', 1)], ['alert A_KEY /']],
    [
      'a frame rate that is no number',
      [makeFloatAttribute('imaging:frame rate', NaN)],
      ['violation V_VALUE /', 'alert A_VALUE /'],
    ],
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
