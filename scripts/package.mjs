// `npm run package [-- --test]`: the application as a folder, with the Electron that is here: what users get in dist/, or
// the test pack in dist/test-pack/. Installers need downloads.
import { ensurePack } from './pack/packs.mjs'
import { Refusal, runScript, say } from './project.mjs'
import { setUpProgram } from './set-up-all.mjs'
import { ensureElectron } from './setup/electron.mjs'

await runScript(async () => {
  const kind = readKind(process.argv.slice(2))
  await setUpProgram()
  const program = await ensurePack(kind, await ensureElectron())
  say(`the ${kind} pack, its fuses as wanted: ${program}`)
})

function readKind(given) {
  const unknown = given.filter((argument) => argument !== '--test')
  if (unknown.length === 0) return given.length === 0 ? 'shipping' : 'test'
  throw new Refusal(`package takes only --test, not ${unknown.join(' ')}`, { exitCode: 2 })
}
