import { mixSeed, SeededRandom } from './simulated-instrument-random.ts'

/** Camera and channel. Lengths in pixels; y runs across the channel, x along the flow. */
export const CAMERA = {
  width: 320,
  height: 80,
  pixelSizeUm: 0.2645,
  frameRate: 3000,
  channelCentre: 40,
  channelHalfWidth: 33,
} as const

/** A cell at one moment: a drop (blunt nose to the right, tapered tail) somewhere in or near the image. */
export interface SimulatedCell {
  readonly x: number
  readonly y: number
  readonly halfLength: number
  readonly halfWidth: number
  /** 0: ellipse; towards 1: pointed tail. */
  readonly taper: number
  readonly tiltRadian: number
  /** -1 ... 1: dark to bright centre. */
  readonly focus: number
  /** Seed of its outline and inner structure, the same in every frame. */
  readonly shapeSeed: number
}

/** Way of a cell from one frame to the next: more than half an image, so a cell is seen once or twice. */
const STEP = 190
const GAP = 5
const LARGEST_HALF_LENGTH = 34

/**
 * The stream of cells through the channel. Every frame index has a slot of cells that enter between it and the
 * frame before; a cell's place in any frame follows from its slot alone, so frames can be made in any order.
 */
export class CellStream {
  constructor(readonly seed: number) {}

  /** Cells of which some part may be in the image, upstream last. */
  cellsInView(frameIndex: number): readonly SimulatedCell[] {
    return [-1, 0, 1].flatMap((age) =>
      this.#enteringCells(frameIndex - age).map((cell) => ({ ...cell, x: cell.x + age * STEP })),
    )
  }

  /** The cells that are whole in the image: the events of the frame, 0 to 3. */
  cellsWhole(frameIndex: number): readonly SimulatedCell[] {
    return this.cellsInView(frameIndex).filter(isWhole)
  }

  /** Cells of a slot at their first frame, without those that would touch a neighbour. */
  #enteringCells(slot: number): readonly SimulatedCell[] {
    const older = this.#candidates(slot - 1).map((cell) => ({ ...cell, x: cell.x + STEP }))
    const kept: SimulatedCell[] = []
    for (const cell of this.#candidates(slot)) {
      if (![...older, ...kept].some((other) => isTouching(cell, other))) kept.push(cell)
    }
    return kept
  }

  #candidates(slot: number): readonly SimulatedCell[] {
    const isDouble = this.#candidateCount(slot) === 2 && this.#candidateCount(slot - 1) < 2
    const count = isDouble ? 2 : Math.min(1, this.#candidateCount(slot))
    return Array.from({ length: count }, (_, number) =>
      drawCell(new SeededRandom(mixSeed(this.seed, 1, slot, number))),
    )
  }

  #candidateCount(slot: number): number {
    const chance = new SeededRandom(mixSeed(this.seed, 2, slot)).uniform()
    if (chance < 0.4) return 0
    return chance < 0.76 ? 1 : 2
  }
}

/** Two kinds of cells; larger ones fill more of the channel and are deformed more. */
function drawCell(random: SeededRandom): SimulatedCell {
  const isSmall = random.uniform() < 0.25
  const radius = Math.exp(random.normal(Math.log(isSmall ? 10.5 : 16.5), isSmall ? 0.08 : 0.11))
  const stretch = 1.1 + 0.75 * (radius / 18) ** 2 * Math.exp(random.normal(0, 0.18))
  const halfLength = Math.min(LARGEST_HALF_LENGTH, radius * Math.sqrt(stretch))
  const halfWidth = Math.min(20, (radius * radius) / halfLength)
  const play = CAMERA.channelHalfWidth - halfWidth - 7
  return {
    x: random.uniform(0, STEP),
    y: CAMERA.channelCentre + Math.max(-play, Math.min(play, random.normal(0.8, 2.2))),
    halfLength,
    halfWidth,
    taper: Math.max(0, Math.min(0.55, random.normal(0.12 + 0.16 * (stretch - 1), 0.07))),
    tiltRadian: random.normal(0, 0.03),
    focus: Math.max(-1, Math.min(1, random.normal(0.2, 0.55))),
    shapeSeed: random.word(),
  }
}

/** Half of the bounding box, never less than the drawn shape's. */
export function halfExtent(cell: SimulatedCell): { readonly x: number; readonly y: number } {
  const cosine = Math.cos(cell.tiltRadian)
  const sine = Math.abs(Math.sin(cell.tiltRadian))
  const halfWidth = cell.halfWidth * (1 + cell.taper)
  return { x: cell.halfLength * cosine + halfWidth * sine, y: halfWidth * cosine + cell.halfLength * sine }
}

function isWhole(cell: SimulatedCell): boolean {
  const extent = halfExtent(cell)
  return cell.x - extent.x >= 2 && cell.x + extent.x <= CAMERA.width - 3
}

function isTouching(one: SimulatedCell, other: SimulatedCell): boolean {
  return Math.abs(one.x - other.x) < halfExtent(one).x + halfExtent(other).x + GAP
}
