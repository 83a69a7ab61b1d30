export type GaugeSize = 'small' | 'medium' | 'large'

/** Where the basin lies in the drawing, in CSS pixels; the crest of the weir is the bound of the queue. */
export interface GaugeGeometry {
  readonly width: number
  readonly height: number
  readonly basin: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly depth: number
  }
}

export const gaugeGeometry: Readonly<Record<GaugeSize, GaugeGeometry>> = {
  small: { width: 72, height: 20, basin: { left: 2, top: 3, width: 48, depth: 15 } },
  medium: { width: 120, height: 40, basin: { left: 2, top: 4, width: 80, depth: 33 } },
  large: { width: 360, height: 200, basin: { left: 64, top: 36, width: 176, depth: 140 } },
}

/** The weir's outline: upright towards the basin, a crest, a slope to the other side. */
export function drawWall({ width, basin }: GaugeGeometry): string {
  const left = basin.left + basin.width
  const bottom = basin.top + basin.depth
  const crest = left + Math.max(3, basin.depth * 0.1)
  const foot = Math.min(width, left + basin.depth * 0.8)
  const reach = foot - crest
  const bend = `C ${crest + reach * 0.3} ${basin.top} ${crest + reach * 0.3} ${bottom} ${foot} ${bottom}`
  return `M ${left} ${bottom} V ${basin.top} H ${crest} ${bend} Z`
}

/** The sheet of water that runs over the crest and down the slope. */
export function drawOverflow({ width, basin }: GaugeGeometry): string {
  const crest = basin.left + basin.width + Math.max(3, basin.depth * 0.1)
  const bottom = basin.top + basin.depth
  const foot = Math.min(width, basin.left + basin.width + basin.depth * 0.8)
  const reach = foot - crest
  return `M ${basin.left + basin.width} ${basin.top} H ${crest} C ${crest + reach * 0.3} ${basin.top} ${crest + reach * 0.3} ${bottom} ${foot} ${bottom} H ${width}`
}
