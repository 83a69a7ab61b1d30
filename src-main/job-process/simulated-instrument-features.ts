import { CAMERA } from './simulated-instrument-cells.ts'
import {
  convexHull,
  perimeter,
  type Point,
  polygonMoments,
  traceOutline,
} from './simulated-instrument-contour.ts'

/** What belongs to one event: all (80, 320) uint8. */
export interface EventPictures {
  readonly image: Uint8Array
  readonly background: Uint8Array
  /** 0/255. */
  readonly mask: Uint8Array
}

const PIXEL = CAMERA.pixelSizeUm

/**
 * The scalar features of an event, computed from its pictures as the field defines them: areas in square
 * micrometres, positions and sizes in micrometres, brightness in grey values.
 *
 * dcnum: `moments_based_features` (hull for area, deformation and position; raw contour for the rest) and
 * `brightness_features`.
 */
export function computeFeatures(pictures: EventPictures): Readonly<Record<string, number>> {
  const outline = traceOutline(pictures.mask, CAMERA.width)
  return { ...shapeFeatures(outline), ...brightnessFeatures(pictures) }
}

function shapeFeatures(outline: readonly Point[]): Readonly<Record<string, number>> {
  const hull = convexHull(outline)
  const raw = polygonMoments(outline)
  const convex = polygonMoments(hull)
  const columns = outline.map((point) => point.x)
  const rows = outline.map((point) => point.y)
  const sizeX = Math.max(...columns) - Math.min(...columns) + 1
  const sizeY = Math.max(...rows) - Math.min(...rows) + 1
  return {
    area_msd: raw.area,
    area_ratio: convex.area / raw.area,
    area_um: convex.area * PIXEL ** 2,
    aspect: sizeX / sizeY,
    deform: 1 - (2 * Math.sqrt(Math.PI * convex.area)) / perimeter(hull),
    inert_ratio_cvx: Math.sqrt(convex.mu20 / convex.mu02),
    inert_ratio_raw: Math.sqrt(raw.mu20 / raw.mu02),
    pos_x: convex.centreX * PIXEL,
    pos_y: convex.centreY * PIXEL,
    size_x: sizeX * PIXEL,
    size_y: sizeY * PIXEL,
    tilt: Math.abs(0.5 * Math.atan2(-2 * raw.mu11, raw.mu20 - raw.mu02)),
  }
}

function brightnessFeatures({ image, background, mask }: EventPictures): Readonly<Record<string, number>> {
  const inside = countPixels(mask)
  const bright = new Float64Array(inside)
  const corrected = new Float64Array(inside)
  let count = 0
  for (let place = 0; place < mask.length; place++) {
    if (mask[place] === 0) continue
    bright[count] = image[place]!
    corrected[count++] = image[place]! - background[place]!
  }
  corrected.sort()
  return {
    bg_med: greyMedian(background),
    bright_avg: mean(bright),
    bright_sd: deviation(bright),
    bright_bc_avg: mean(corrected),
    bright_bc_sd: deviation(corrected),
    bright_perc_10: percentile(corrected, 10),
    bright_perc_90: percentile(corrected, 90),
  }
}

function countPixels(mask: Uint8Array): number {
  let count = 0
  for (let place = 0; place < mask.length; place++) if (mask[place] !== 0) count++
  return count
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation(values: Float64Array): number {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length)
}

/** Linear between the two nearest ranks. */
function percentile(sorted: Float64Array, percent: number): number {
  const rank = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(rank)]!
  const above = sorted[Math.ceil(rank)]!
  return below + (above - below) * (rank - Math.floor(rank))
}

function greyMedian(picture: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (let place = 0; place < picture.length; place++) counts[picture[place]!]!++
  const half = picture.length / 2
  let below = 0
  for (let grey = 0; grey < 256; grey++) {
    below += counts[grey]!
    if (below > half) return grey
    // An even number of pixels whose two middle ones differ.
    if (below === half) return (grey + counts.findIndex((count, next) => next > grey && count > 0)) / 2
  }
  return Number.NaN
}
