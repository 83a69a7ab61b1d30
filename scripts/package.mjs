// `npm run package`: the application as a folder in dist/, with the Electron that is here. Installers need downloads.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder, Refusal, runScript, say } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { setUpProgram } from './set-up-all.mjs'
import { ensureElectron } from './setup/electron.mjs'

/** A fuse in the program is one of these characters. */
const fuseStates = { off: '0'.charCodeAt(0), on: '1'.charCodeAt(0) }
const platformSwitches = { linux: '--linux', darwin: '--mac', win32: '--win' }

await runScript(async () => {
  await setUpProgram()
  const electron = await ensureElectron()
  const platform = platformSwitches[process.platform]
  if (platform === undefined) throw new Refusal(`no package for ${process.platform}`)
  const program = join(projectFolder, 'node_modules', 'electron-builder', 'cli.js')
  const settings = [`-c.electronDist=${electron.folder}`, `-c.electronVersion=${electron.version}`]
  const { code, seconds } = await runCommand(process.execPath, [
    program,
    platform,
    'dir',
    '--publish',
    'never',
    ...settings,
  ])
  if (code !== 0) throw new Refusal(`electron-builder ended with code ${code}; see above`)
  await checkFuses(join(projectFolder, 'dist', 'linux-unpacked', 'weir'))
  say(`packaged in ${seconds.toFixed(0)} s: dist/`)
})

/** A shipped program must not run foreign code in Weir's name. */
async function checkFuses(program) {
  if (!existsSync(program)) return
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses')
  const fuses = await getCurrentFuseWire(program)
  const wanted = {
    RunAsNode: fuseStates.off,
    EnableNodeOptionsEnvironmentVariable: fuseStates.off,
    EnableNodeCliInspectArguments: fuseStates.off,
    EnableCookieEncryption: fuseStates.on,
    OnlyLoadAppFromAsar: fuseStates.on,
    GrantFileProtocolExtraPrivileges: fuseStates.off,
  }
  const wrong = Object.keys(wanted).filter((name) => fuses[FuseV1Options[name]] !== wanted[name])
  if (wrong.length > 0) throw new Refusal(`the packaged program has wrong fuses: ${wrong.join(', ')}`)
  say('fuses of the packaged program: as configured')
}
