import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CAMERA } from '../../../src-main/job-process/simulated-instrument-cells.ts'
import {
  convexHull,
  perimeter,
  polygonMoments,
  traceOutline,
} from '../../../src-main/job-process/simulated-instrument-contour.ts'
import { computeFeatures } from '../../../src-main/job-process/simulated-instrument-features.ts'
import { mixSeed, SeededRandom } from '../../../src-main/job-process/simulated-instrument-random.ts'
import { SimulatedInstrument } from '../../../src-main/job-process/simulated-instrument.ts'
import type { NdArray } from '../../../src-main/write/nd-array.ts'

const PIXELS = CAMERA.width * CAMERA.height

function hashEvents(instrument: SimulatedInstrument, index: number): string {
  const hash = createHash('sha256')
  for (const [name, array] of Object.entries(instrument.eventsOf(index)))
    hash.update(name).update(array.bytes)
  return hash.digest('hex')
}

function readFloats(array: NdArray | undefined): Float64Array {
  return new Float64Array(Uint8Array.from(array?.bytes ?? []).buffer)
}

function drawRectangle(...[left, top, width, height]: readonly [number, number, number, number]): Uint8Array {
  const mask = new Uint8Array(PIXELS)
  for (let y = top; y < top + height; y++)
    mask.fill(255, y * CAMERA.width + left, y * CAMERA.width + left + width)
  return mask
}

describe('SeededRandom', () => {
  it('is mulberry32: gives the published sequence', () => {
    const random = new SeededRandom(42)
    const values = [random.uniform(), random.uniform(), random.uniform()]
    expect(values).toEqual([0.6011037519201636, 0.44829055899754167, 0.8524657934904099])
  })

  it('draws normal deviates with the mean and deviation asked for', () => {
    const random = new SeededRandom(7)
    const values = Array.from({ length: 20_000 }, () => random.normal(5, 2))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(mean).toBeCloseTo(5, 1)
    expect(Math.sqrt(variance)).toBeCloseTo(2, 1)
    expect(values.filter((value) => Math.abs(value - 5) < 2).length / values.length).toBeCloseTo(0.683, 1)
  })

  it('makes other seeds of other parts and of other orders of them', () => {
    const seeds = [mixSeed(1, 2), mixSeed(2, 1), mixSeed(1, 3), mixSeed(1), mixSeed(1, 2, 0)]
    expect(new Set(seeds).size).toBe(seeds.length)
  })
})

describe('outline of a mask', () => {
  it('runs through the border pixels of a rectangle once', () => {
    const outline = traceOutline(drawRectangle(10, 20, 6, 4), CAMERA.width)
    expect(outline).toHaveLength(2 * (5 + 3))
    expect(new Set(outline.map((point) => `${point.x},${point.y}`)).size).toBe(outline.length)
  })

  it('finds a single pixel, and nothing in an empty mask', () => {
    expect(traceOutline(drawRectangle(0, 0, 1, 1), CAMERA.width)).toEqual([{ x: 0, y: 0 }])
    expect(traceOutline(new Uint8Array(PIXELS), CAMERA.width)).toEqual([])
  })

  it('follows a blob that is one pixel thin there and back', () => {
    expect(traceOutline(drawRectangle(5, 5, 3, 1), CAMERA.width).map((point) => point.x)).toEqual([
      5, 6, 7, 6,
    ])
  })

  it('keeps the corners of a hull and drops the dent', () => {
    const dented = [
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 2, y: 1 },
      { x: 4, y: 4 },
      { x: 0, y: 4 },
    ]
    const hull = convexHull(dented)
    expect(hull).toHaveLength(4)
    expect(hull).not.toContainEqual({ x: 2, y: 1 })
    expect(perimeter(hull)).toBe(16)
  })

  it('has the moments of a rectangle, whichever way round it is traced', () => {
    const rectangle = [
      { x: 10, y: 20 },
      { x: 16, y: 20 },
      { x: 16, y: 22 },
      { x: 10, y: 22 },
    ]
    for (const polygon of [rectangle, rectangle.toReversed()]) {
      const moments = polygonMoments(polygon)
      expect(moments.area).toBe(12)
      expect(moments.centreX).toBeCloseTo(13, 9)
      expect(moments.centreY).toBeCloseTo(21, 9)
      expect(moments.mu20).toBeCloseTo((12 * 6 ** 2) / 12, 9)
      expect(moments.mu02).toBeCloseTo((12 * 2 ** 2) / 12, 9)
      expect(moments.mu11).toBeCloseTo(0, 9)
    }
  })
})

describe('features of an event', () => {
  it('are those of a square, computed by hand', () => {
    const mask = drawRectangle(100, 30, 11, 11)
    const image = new Uint8Array(PIXELS).fill(150)
    const background = new Uint8Array(PIXELS).fill(180)
    const features = computeFeatures({ image, background, mask })
    expect(features['area_msd']).toBe(100)
    expect(features['area_um']).toBeCloseTo(100 * CAMERA.pixelSizeUm ** 2, 12)
    expect(features['area_ratio']).toBe(1)
    expect(features['deform']).toBeCloseTo(1 - Math.sqrt(Math.PI) / 2, 12)
    expect(features['pos_x']).toBeCloseTo(105 * CAMERA.pixelSizeUm, 9)
    expect(features['pos_y']).toBeCloseTo(35 * CAMERA.pixelSizeUm, 9)
    expect(features['size_x']).toBeCloseTo(11 * CAMERA.pixelSizeUm, 12)
    expect(features['aspect']).toBe(1)
    expect(features['inert_ratio_raw']).toBeCloseTo(1, 9)
    expect([features['bright_avg'], features['bright_sd'], features['bg_med']]).toEqual([150, 0, 180])
    expect([features['bright_bc_avg'], features['bright_perc_10'], features['bright_perc_90']]).toEqual([
      -30, -30, -30,
    ])
  })

  it('take percentiles between the ranks', () => {
    const mask = drawRectangle(50, 30, 3, 2)
    const image = new Uint8Array(PIXELS).fill(100)
    const place = 30 * CAMERA.width + 50
    image.set([100, 110, 120], place)
    image.set([130, 140, 150], place + CAMERA.width)
    const features = computeFeatures({ image, background: new Uint8Array(PIXELS).fill(100), mask })
    expect(features['bright_perc_10']).toBeCloseTo(5, 12)
    expect(features['bright_perc_90']).toBeCloseTo(45, 12)
    expect(features['bright_bc_avg']).toBeCloseTo(25, 12)
  })
})

describe('SimulatedInstrument', () => {
  const instrument = new SimulatedInstrument({ seed: 3, frameCount: 400 })

  it('gives the same bytes for a seed, in whatever order frames are asked for', () => {
    const again = new SimulatedInstrument({ seed: 3, frameCount: 400 })
    const order = [399, 120, 7, 300, 51, 8]
    const forward = order.toSorted((one, other) => one - other).map((index) => hashEvents(instrument, index))
    const shuffled = new Map(order.map((index) => [index, hashEvents(again, index)]))
    expect(order.toSorted((one, other) => one - other).map((index) => shuffled.get(index))).toEqual(forward)
  })

  it('gives another measurement for another seed', () => {
    const other = new SimulatedInstrument({ seed: 4, frameCount: 400 })
    expect(Buffer.compare(other.frame(0).image, instrument.frame(0).image)).not.toBe(0)
    expect(other.attributes).not.toEqual(instrument.attributes)
  })

  it('has 0 to 3 events a frame, about one on average', () => {
    const counts = Array.from({ length: 400 }, (_, index) => instrument.nEvents(index))
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]))
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    expect(mean).toBeGreaterThan(0.8)
    expect(mean).toBeLessThan(1.25)
  })

  it('draws as many events as it announces, each mask one whole cell inside the picture', () => {
    for (let index = 0; index < 60; index++) {
      const { events } = instrument.frame(index)
      expect(events).toHaveLength(instrument.nEvents(index))
      for (const { mask } of events) {
        expect([...new Set(mask)].toSorted((one, other) => one - other)).toEqual([0, 255])
        const border = mask.filter((_, place) => isOnBorder(place))
        expect(border.every((value) => value === 0)).toBe(true)
      }
    }
  })

  it('computes features that agree with the pictures', () => {
    for (let index = 0; index < 60; index++) {
      const { events, image } = instrument.frame(index)
      for (const { mask, features } of events) {
        const inside = image.filter((_, place) => mask[place] !== 0)
        const mean = inside.reduce((sum, grey) => sum + grey, 0) / inside.length
        expect(features['bright_avg']).toBeCloseTo(mean, 9)
        const pixelArea = inside.length * CAMERA.pixelSizeUm ** 2
        expect(features['area_um']! / pixelArea).toBeGreaterThan(0.85)
        expect(features['area_um']! / pixelArea).toBeLessThan(1.05)
        expect(features['area_ratio']).toBeGreaterThanOrEqual(1)
        expect(features['deform']).toBeGreaterThan(0)
        expect(features['deform']).toBeLessThan(0.25)
      }
    }
  })

  it('shows cells where the masks are, and only noise elsewhere in a frame without cells', () => {
    const withEvents = Array.from({ length: 60 }, (_, index) => instrument.frame(index)).filter(
      (frame) => frame.events.length > 0,
    )
    for (const { image, background, events } of withEvents) {
      for (const { mask } of events) {
        const differences = image.reduce<number[]>(
          (list, grey, place) => (mask[place] === 0 ? list : [...list, Math.abs(grey - background[place]!)]),
          [],
        )
        expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeGreaterThan(8)
      }
    }
  })

  it('moves a cell along the channel from one frame to the next', () => {
    const positions = Array.from({ length: 100 }, (_, index) =>
      readFloats(instrument.eventsOf(index)['pos_x']),
    )
    const steps = positions
      .slice(1)
      .flatMap((places, index) =>
        [...places].flatMap((place) => [...positions[index]!].map((before) => place - before)),
      )
    const isOneStep = (step: number): boolean => Math.abs(step - 190 * CAMERA.pixelSizeUm) < 0.15
    expect(steps.filter(isOneStep).length).toBeGreaterThan(10)
  })

  it('gives arrays ready for the queue: pictures uint8, frame uint64 from 1, scalars float64', () => {
    const index = Array.from({ length: 50 }, (_, place) => place).find(
      (place) => instrument.nEvents(place) === 2,
    )!
    const events = instrument.eventsOf(index)
    for (const name of ['image', 'image_bg', 'mask']) {
      expect(events[name]?.shape).toEqual([2, CAMERA.height, CAMERA.width])
      expect(events[name]?.datatype).toMatchObject({ class: 'integer', size: 1, signed: false })
    }
    expect(events['frame']?.datatype).toMatchObject({ class: 'integer', size: 8, signed: false })
    expect([...new BigUint64Array(Uint8Array.from(events['frame']!.bytes).buffer)]).toEqual([
      BigInt(index + 1),
      BigInt(index + 1),
    ])
    for (const name of ['deform', 'area_um', 'bright_avg', 'bright_sd', 'pos_x', 'size_y', 'time', 'temp']) {
      expect(events[name]?.datatype).toMatchObject({ class: 'float', size: 8 })
      expect(events[name]?.shape).toEqual([2])
    }
    expect(readFloats(events['time'])[0]).toBe(index / CAMERA.frameRate)
  })

  it('gives nothing for a frame without events and refuses a frame that it does not have', () => {
    const empty = Array.from({ length: 50 }, (_, place) => place).find(
      (place) => instrument.nEvents(place) === 0,
    )!
    expect(instrument.eventsOf(empty)).toEqual({})
    for (const index of [-1, 400, 1.5, Number.NaN]) {
      expect(() => instrument.frame(index)).toThrow(expect.objectContaining({ code: 'E_RANGE' }))
    }
  })

  it('describes itself with section:key attributes, without the event count, and log lines of 100 bytes at most', () => {
    const names = instrument.attributes.map((attribute) => attribute.name)
    expect(names.every((name) => name.split(':').length === 2)).toBe(true)
    expect(names).not.toContain('experiment:event count')
    for (const name of ['experiment:date', 'imaging:pixel size', 'setup:chip region', 'setup:flow rate']) {
      expect(names).toContain(name)
    }
    expect(instrument.logLines.every((line) => Buffer.byteLength(line) <= 100)).toBe(true)
  })
})

function isOnBorder(place: number): boolean {
  const x = place % CAMERA.width
  const y = Math.floor(place / CAMERA.width)
  return x === 0 || y === 0 || x === CAMERA.width - 1 || y === CAMERA.height - 1
}
