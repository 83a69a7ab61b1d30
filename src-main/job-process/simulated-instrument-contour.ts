/** Geometry of masks: outline, convex hull and the moments of the area that a polygon encloses. Pixels are points. */

export interface Point {
  readonly x: number
  readonly y: number
}

/** Moments of the area inside a polygon: `mu` are about the centre of mass. */
export interface PolygonMoments {
  readonly area: number
  readonly centreX: number
  readonly centreY: number
  readonly mu20: number
  readonly mu02: number
  readonly mu11: number
}

/** The eight neighbours, clockwise from the right (y runs down). */
const NEIGHBOURS: readonly Point[] = [
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
]

/** Border pixels of the one blob in a mask (non-zero pixels), in order round it. */
export function traceOutline(mask: Uint8Array, width: number): readonly Point[] {
  const first = mask.findIndex((value) => value !== 0)
  if (first < 0) return []
  const isInside = (x: number, y: number): boolean =>
    x >= 0 && x < width && y >= 0 && mask[y * width + x]! > 0
  const start = { x: first % width, y: Math.floor(first / width) }
  const outline: Point[] = [start]
  let direction = nextDirection(start, 6, isInside)
  if (direction === null) return outline
  const firstDirection = direction
  for (let place = step(start, direction); ; place = step(place, direction)) {
    // One step back, then clockwise: the search begins at a pixel that is known to be outside.
    direction = nextDirection(place, (direction + 5) % 8, isInside) ?? direction
    if (place.x === start.x && place.y === start.y && direction === firstDirection) return outline
    outline.push(place)
  }
}

function nextDirection(
  from: Point,
  firstTried: number,
  isInside: (x: number, y: number) => boolean,
): number | null {
  for (let turn = 0; turn < 8; turn++) {
    const direction = (firstTried + turn) % 8
    const place = step(from, direction)
    if (isInside(place.x, place.y)) return direction
  }
  return null
}

function step(from: Point, direction: number): Point {
  const way = NEIGHBOURS[direction]!
  return { x: from.x + way.x, y: from.y + way.y }
}

/** Convex hull (monotone chain), corners only. */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((one, other) => one.x - other.x || one.y - other.y)
  return [...halfHull(sorted), ...halfHull(sorted.reverse())]
}

function halfHull(sorted: readonly Point[]): readonly Point[] {
  const hull: Point[] = []
  for (const point of sorted) {
    while (hull.length >= 2 && turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop()
    hull.push(point)
  }
  return hull.slice(0, -1)
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

export function perimeter(polygon: readonly Point[]): number {
  return polygon.reduce((sum, point, place) => {
    const next = polygon[(place + 1) % polygon.length]!
    return sum + Math.hypot(next.x - point.x, next.y - point.y)
  }, 0)
}

/** Green's theorem over the edges. */
export function polygonMoments(polygon: readonly Point[]): PolygonMoments {
  const sums = { m00: 0, m10: 0, m01: 0, m20: 0, m11: 0, m02: 0 }
  polygon.forEach((a, place) => {
    const b = polygon[(place + 1) % polygon.length]!
    const cross = a.x * b.y - b.x * a.y
    sums.m00 += cross / 2
    sums.m10 += (cross * (a.x + b.x)) / 6
    sums.m01 += (cross * (a.y + b.y)) / 6
    sums.m20 += (cross * (a.x * a.x + a.x * b.x + b.x * b.x)) / 12
    sums.m02 += (cross * (a.y * a.y + a.y * b.y + b.y * b.y)) / 12
    sums.m11 += (cross * (2 * a.x * a.y + a.x * b.y + b.x * a.y + 2 * b.x * b.y)) / 24
  })
  const sign = Math.sign(sums.m00)
  const centreX = sums.m10 / sums.m00
  const centreY = sums.m01 / sums.m00
  return {
    area: sign * sums.m00,
    centreX,
    centreY,
    mu20: sign * (sums.m20 - centreX * sums.m10),
    mu02: sign * (sums.m02 - centreY * sums.m01),
    mu11: sign * (sums.m11 - centreX * sums.m01),
  }
}
