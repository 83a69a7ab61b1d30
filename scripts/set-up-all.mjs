// Everything that the program and its window need, for scripts that use both.
import { ensureBuild } from './build.mjs'
import { probeCodec } from './setup/codec.mjs'
import { ensureElectron } from './setup/electron.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'
import { ensureDisplayPackages } from './setup/system-packages.mjs'

/** The command line: packages, codec, build. */
export async function setUpProgram() {
  await ensureNpmPackages()
  await probeCodec()
  await ensureBuild()
}

/** The command line and the window on a virtual display; gives the Electron that runs it. */
export async function setUpWindow() {
  await setUpProgram()
  const electron = await ensureElectron()
  await ensureDisplayPackages(electron.program)
  return electron
}
