// The fuses of a packed program against what the security checklist asks for.
import { Refusal } from '../project.mjs'

/** A fuse in the program is one of these characters. */
const states = { off: '0'.charCodeAt(0), on: '1'.charCodeAt(0) }

const shippingFuses = {
  RunAsNode: states.off,
  EnableCookieEncryption: states.on,
  EnableNodeOptionsEnvironmentVariable: states.off,
  EnableNodeCliInspectArguments: states.off,
  EnableEmbeddedAsarIntegrityValidation: states.on,
  OnlyLoadAppFromAsar: states.on,
  LoadBrowserProcessSpecificV8Snapshot: states.off,
  GrantFileProtocolExtraPrivileges: states.off,
}

/** What each pack must have; they differ in what Playwright needs, and in nothing else. */
const wantedFuses = {
  shipping: shippingFuses,
  test: { ...shippingFuses, EnableNodeCliInspectArguments: states.on },
}

/** Reads the fuses of the program; throws a `Refusal` that names those that are wrong. */
export async function checkFuses(program, kind) {
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses')
  const fuses = await getCurrentFuseWire(program)
  const wrong = Object.entries(wantedFuses[kind])
    .filter(([name, state]) => fuses[FuseV1Options[name]] !== state)
    .map(([name]) => name)
  if (wrong.length > 0) throw new Refusal(`${program} has wrong fuses: ${wrong.join(', ')}`)
}
