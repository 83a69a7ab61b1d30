import { makeFloatAttribute, makeIntegerAttribute, makeTextAttribute } from '../hdf5/writing/attributes.ts'
import type { Attribute } from '../hdf5/model.ts'
import { CAMERA } from './simulated-instrument-cells.ts'

const SOFTWARE = 'simulated-instrument 1.0.0'
const FLOW_SAMPLE = 0.015
const FLOW_SHEATH = 0.045

/**
 * The root attributes of a simulated measurement: everything that a reader asks for, except
 * `experiment:event count`, which only the writer can know.
 */
export function makeInstrumentAttributes(seed: number): readonly Attribute[] {
  return [
    makeTextAttribute('experiment:date', '2024-03-21'),
    makeIntegerAttribute('experiment:run index', 1),
    makeTextAttribute('experiment:sample', 'simulated cells'),
    makeTextAttribute('experiment:time', '09:41:00'),
    makeTextAttribute('imaging:flash device', 'simulated LED'),
    makeFloatAttribute('imaging:flash duration', 2),
    makeFloatAttribute('imaging:frame rate', CAMERA.frameRate),
    makeFloatAttribute('imaging:pixel size', CAMERA.pixelSizeUm),
    makeIntegerAttribute('imaging:roi position x', 0),
    makeIntegerAttribute('imaging:roi position y', 0),
    makeIntegerAttribute('imaging:roi size x', CAMERA.width),
    makeIntegerAttribute('imaging:roi size y', CAMERA.height),
    makeFloatAttribute('setup:channel width', 20),
    makeTextAttribute('setup:chip region', 'channel'),
    makeFloatAttribute('setup:flow rate', FLOW_SAMPLE + FLOW_SHEATH),
    makeFloatAttribute('setup:flow rate sample', FLOW_SAMPLE),
    makeFloatAttribute('setup:flow rate sheath', FLOW_SHEATH),
    // Part of the measurement identifier: two seeds are two measurements.
    makeTextAttribute('setup:identifier', `simulated-${(seed >>> 0).toString(16).padStart(8, '0')}`),
    makeTextAttribute('setup:medium', '0.49% MC-PBS'),
    makeTextAttribute('setup:module composition', 'simulation'),
    makeTextAttribute('setup:software version', SOFTWARE),
    makeFloatAttribute('setup:temperature', 23),
  ]
}

/** Lines of the instrument's log, at most 100 bytes each. */
export function makeInstrumentLog(seed: number, frameCount: number): readonly string[] {
  return [
    `${SOFTWARE}: no real cells, no real camera`,
    `seed ${seed}`,
    `${frameCount} frames of ${CAMERA.width} x ${CAMERA.height} pixels at ${CAMERA.frameRate} frames per second`,
    `pixel size ${CAMERA.pixelSizeUm} um`,
    'background image renewed every 50 frames',
  ]
}
