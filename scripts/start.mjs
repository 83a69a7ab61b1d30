// `npm start`: opens the window. Needs a display; without one it says so.
import { ensureBuild } from './build.mjs'
import { hasDisplay } from './display.mjs'
import { projectFolder, Refusal, runScript } from './project.mjs'
import { isRoot, runCommand } from './run-command.mjs'
import { probeCodec } from './setup/codec.mjs'
import { ensureElectron } from './setup/electron.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'
import { ensureDisplayPackages } from './setup/system-packages.mjs'

await runScript(async () => {
  await ensureNpmPackages()
  await probeCodec()
  await ensureBuild()
  const electron = await ensureElectron()
  await ensureDisplayPackages(electron.program, { virtualDisplay: false })
  if (!hasDisplay()) {
    throw new Refusal(
      'there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be shown.\n' +
        'Start Weir on a desktop, or use the command line: npm run --silent weir -- --help',
    )
  }
  if (isRoot()) {
    throw new Refusal(
      'Chromium does not run its sandbox as root, and Weir does not run without it: start Weir as an ordinary user.',
    )
  }
  const { code } = await runCommand(electron.program, [projectFolder, ...process.argv.slice(2)])
  return code
})
