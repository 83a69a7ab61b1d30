import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** Where the window was, in the units of the desktop. */
const placeSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(720).max(20_000),
  height: z.int().min(480).max(20_000),
  isMaximized: z.boolean(),
})

export type WindowPlace = Readonly<z.infer<typeof placeSchema>>

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** So much of the window's top must be seen to take hold of it. */
const GRIP_PX = 80

/** The place of the last session; undefined if there is none, or none that makes sense. Never throws. */
export function readWindowPlace(path: string): WindowPlace | undefined {
  try {
    const parsed = placeSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    // No file, or none that can be read: the window opens where the system puts it.
    return undefined
  }
}

/** Throws as the disk does. */
export function saveWindowPlace(path: string, place: WindowPlace): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, `${JSON.stringify(place)}\n`)
  renameSync(`${path}.new`, path)
}

/** Can the window be seen and moved there? Displays may have gone since. */
export function isReachable(place: Area, displays: readonly Area[]): boolean {
  return displays.some((display) => {
    const seen = Math.min(place.x + place.width, display.x + display.width) - Math.max(place.x, display.x)
    const isTopInside = place.y >= display.y && place.y <= display.y + display.height - GRIP_PX
    return seen >= GRIP_PX && isTopInside
  })
}
