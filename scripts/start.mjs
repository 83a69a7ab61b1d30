// `npm start`: opens the window. Needs a display; without one it says so.
import { ensureBuild } from './build.mjs'
import { hasDisplay } from './display.mjs'
import { projectFolder, Refusal, runScript } from './project.mjs'
import { isRoot, runCommand } from './run-command.mjs'
import { probeCodec } from './setup/codec.mjs'
import { ensureElectron } from './setup/electron.mjs'
import { ensureNpmPackages } from './setup/npm-packages.mjs'
import { ensureDisplayPackages } from './setup/system-packages.mjs'

const switches = process.argv.slice(2)

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
  if (isRoot() && !switches.includes('--no-sandbox')) {
    throw new Refusal(
      'Chromium does not run its sandbox as root: start Weir as an ordinary user.\n' +
        'To look at it without the sandbox all the same: npm start -- --no-sandbox',
    )
  }
  const { code } = await runCommand(electron.program, [projectFolder, ...switches])
  return code
})
