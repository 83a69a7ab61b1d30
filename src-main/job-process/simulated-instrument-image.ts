import { CAMERA, halfExtent, type SimulatedCell } from './simulated-instrument-cells.ts'
import { mixSeed, SeededRandom } from './simulated-instrument-random.ts'

const { width: WIDTH, height: HEIGHT } = CAMERA
/** Frames over which the instrument keeps one background image. */
const BACKGROUND_FRAMES = 50
const CAMERA_NOISE = 2.1
/** Part of its width by which a cell's outline may be dented. */
const UNEVEN_OUTLINE = 0.05

/** Draws what the camera sees: channel walls, light that drifts, dirt, cells and noise. */
export class ChannelCamera {
  readonly #seed: number
  readonly #unevenness: Float32Array
  readonly #noise: Float32Array
  readonly #wallOffset: Float32Array
  readonly #backgrounds = new Map<number, Float32Array>()

  constructor(seed: number) {
    this.#seed = seed
    this.#unevenness = drawUnevenness(new SeededRandom(mixSeed(seed, 10)))
    this.#wallOffset = drawWallOffset(new SeededRandom(mixSeed(seed, 11)))
    const random = new SeededRandom(mixSeed(seed, 12))
    this.#noise = Float32Array.from({ length: 2 ** 16 }, () => random.normal(0, CAMERA_NOISE))
  }

  /** The empty channel as the instrument knows it in this frame, (80, 320) uint8. */
  background(frameIndex: number): Uint8Array {
    return digitize(this.#backgroundLight(frameIndex))
  }

  /** The camera's picture, (80, 320) uint8. */
  image(frameIndex: number, cells: readonly SimulatedCell[]): Uint8Array {
    const light = this.#backgroundLight(frameIndex).slice()
    for (const cell of cells) drawCell(light, cell)
    this.#addNoise(light, frameIndex)
    return digitize(light)
  }

  /** Noise comes from a table that each row enters at a place of its own: a few thousand frames a second. */
  #addNoise(light: Float32Array, frameIndex: number): void {
    const random = new SeededRandom(mixSeed(this.#seed, 13, frameIndex))
    const flicker = random.normal(0, 0.35)
    for (let row = 0; row < HEIGHT; row++) {
      const entry = random.word()
      const start = row * WIDTH
      for (let x = 0; x < WIDTH; x++) light[start + x]! += flicker + this.#noise[(entry + x) & 0xffff]!
    }
  }

  #backgroundLight(frameIndex: number): Float32Array {
    const block = Math.floor(frameIndex / BACKGROUND_FRAMES)
    const known = this.#backgrounds.get(block)
    if (known) return known
    const light = this.#drawBackground(block * BACKGROUND_FRAMES)
    // Readers work on a few slices at once; more than a handful of backgrounds is never in use.
    if (this.#backgrounds.size >= 8) this.#backgrounds.clear()
    this.#backgrounds.set(block, light)
    return light
  }

  #drawBackground(frameIndex: number): Float32Array {
    const lamp = 2.5 * Math.sin(frameIndex / 640 + (this.#seed % 7))
    const shift = 0.35 * Math.sin(frameIndex / 410 + (this.#seed % 5))
    const light = new Float32Array(WIDTH * HEIGHT)
    for (let x = 0; x < WIDTH; x++) {
      const bulge = 5 * Math.sin((Math.PI * x) / WIDTH)
      for (let y = 0; y < HEIGHT; y++) {
        const place = y * WIDTH + x
        light[place] = lamp + bulge + wallLight(y + shift + this.#wallOffset[x]!) + this.#unevenness[place]!
      }
    }
    return light
  }
}

/** Is the pixel inside the cell's outline? The mask of the event, (80, 320) uint8 0/255. */
export function drawMask(cell: SimulatedCell): Uint8Array {
  const mask = new Uint8Array(WIDTH * HEIGHT)
  const distanceTo = measureOutline(cell)
  forEachPixelNear(cell, 1, (place, x, y) => {
    if (distanceTo(x, y) <= 0) mask[place] = 255
  })
  return mask
}

/** Grey across the channel: bright glass edge, dark wall, plateau, and the same mirrored. */
function wallLight(y: number): number {
  return (
    182 -
    74 * peak(y - 6.2, 1.5) +
    44 * peak(y - 2.7, 1) -
    26 * peak(y - 9.8, 1.6) +
    7 * peak(y - 13.5, 2) -
    58 * peak(y - 74, 1.4) +
    34 * peak(y - 77.5, 1) -
    22 * peak(y - 70.5, 1.5) -
    0.05 * (y - 40)
  )
}

function drawCell(light: Float32Array, cell: SimulatedCell): void {
  const random = new SeededRandom(mixSeed(cell.shapeSeed, 1))
  const grain = Array.from({ length: 4 }, () => ({
    x: random.uniform(0.15, 0.5),
    y: random.uniform(-0.5, 0.5),
    phase: random.uniform(0, 6.3),
  }))
  // Away from the plane of focus the edge is broad and faint.
  const blur = 1.15 + 0.75 * cell.focus * cell.focus
  const distanceTo = measureOutline(cell)
  forEachPixelNear(cell, 9, (place, x, y) => {
    const distance = distanceTo(x, y)
    const dx = x - cell.x
    const dy = y - cell.y
    // The light comes from one side: the upper edge is darker, the lower one has the halo.
    const side = Math.max(-1.2, Math.min(1.2, dy / cell.halfWidth))
    let change = ((-66 + 20 * side) / blur) * peak(distance + 0.6, blur)
    change += (9 + 7 * side) * peak(distance - 1.6 - blur, 1.3 * blur) - 5 * peak(distance - 6, 1.6)
    change += (13 - 10 * cell.focus) * peak(distance + 3 + blur, 1.5 * blur)
    if (distance < 0) {
      const depth = 1 - peak(distance, 4.5)
      const structure = grain.reduce((sum, wave) => sum + Math.sin(wave.x * dx + wave.y * dy + wave.phase), 0)
      change += depth * (-15 + 30 * cell.focus * peak(side, 0.5) + 10 * side + 3.4 * structure)
    }
    light[place]! += change
  })
}

/** Signed distance of a pixel to the outline (about, in pixels), negative inside. */
function measureOutline(cell: SimulatedCell): (x: number, y: number) => number {
  const cosine = Math.cos(cell.tiltRadian)
  const sine = Math.sin(cell.tiltRadian)
  const random = new SeededRandom(mixSeed(cell.shapeSeed, 2))
  const dent = { frequency: random.uniform(1.5, 3.5), phase: random.uniform(0, 6.3) }
  return (x, y) => {
    const along = ((x - cell.x) * cosine + (y - cell.y) * sine) / cell.halfLength
    const dented = 1 - UNEVEN_OUTLINE * (1 + Math.sin(dent.frequency * along + dent.phase))
    const halfWidth = cell.halfWidth * dented * Math.max(0.2, 1 + cell.taper * along)
    const across = ((y - cell.y) * cosine - (x - cell.x) * sine) / halfWidth
    const level = along * along + across * across
    const slope = 2 * Math.sqrt((along / cell.halfLength) ** 2 + (across / halfWidth) ** 2)
    return Math.max(-cell.halfWidth, (level - 1) / Math.max(slope, 1e-6))
  }
}

function forEachPixelNear(
  cell: SimulatedCell,
  margin: number,
  visit: (place: number, x: number, y: number) => void,
): void {
  const extent = halfExtent(cell)
  const left = Math.max(0, Math.floor(cell.x - extent.x - margin))
  const right = Math.min(WIDTH - 1, Math.ceil(cell.x + extent.x + margin))
  const top = Math.max(0, Math.floor(cell.y - extent.y - margin))
  const bottom = Math.min(HEIGHT - 1, Math.ceil(cell.y + extent.y + margin))
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) visit(y * WIDTH + x, x, y)
}

/** Fixed pattern of the optics: faint streaks along the flow, fine grain and a few specks. */
function drawUnevenness(random: SeededRandom): Float32Array {
  const pattern = new Float32Array(WIDTH * HEIGHT)
  for (let y = 0; y < HEIGHT; y++) {
    let streak = random.normal(0, 1)
    for (let x = 0; x < WIDTH; x++) {
      streak = 0.97 * streak + random.normal(0, 0.22)
      pattern[y * WIDTH + x] = streak + random.normal(0, 0.4)
    }
  }
  for (let speck = 0; speck < 5; speck++) {
    const centre = { x: random.uniform(0, WIDTH), y: random.uniform(12, 68) }
    const depth = random.uniform(-9, 5)
    const size = random.uniform(1, 2.2)
    for (let place = 0; place < pattern.length; place++) {
      const distance = Math.hypot((place % WIDTH) - centre.x, Math.floor(place / WIDTH) - centre.y)
      pattern[place]! += depth * peak(distance, size)
    }
  }
  return pattern
}

/** The walls are not quite straight. */
function drawWallOffset(random: SeededRandom): Float32Array {
  let offset = 0
  return Float32Array.from({ length: WIDTH }, () => (offset = 0.985 * offset + random.normal(0, 0.035)))
}

/** exp(-x * x) at 1/256 steps: the picture needs no more, and it is the time of this file. */
const BELL = Float64Array.from({ length: 4 * 256 + 1 }, (_, step) => Math.exp(-((step / 256) ** 2)))

function peak(distance: number, width: number): number {
  return BELL[Math.round(Math.abs(distance / width) * 256)] ?? 0
}

function digitize(light: Float32Array): Uint8Array {
  const picture = new Uint8ClampedArray(light.length)
  picture.set(light)
  return new Uint8Array(picture.buffer)
}
