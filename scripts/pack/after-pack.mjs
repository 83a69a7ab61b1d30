// Called by electron-builder between copying and setting the fuses.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Of the Electron that is at hand in a checkout, not of the product: its own application, and marks of its set-up. */
const leftovers = ['complete', 'version', 'resources/default_app.asar', 'resources/app-update.yml']

export default async function removeLeftovers({ appOutDir }) {
  await Promise.all(leftovers.map((name) => rm(join(appOutDir, name), { force: true })))
}
