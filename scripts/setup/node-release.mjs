// Another release of Node, from its registry package, so that the unit tests run on both that Weir supports.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../project.mjs'
import { ensureRegistryPackage } from './registry-package.mjs'

const releases = {
  20: {
    version: '20.20.2',
    integrity: {
      'linux-x64':
        'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
    },
  },
  24: {
    version: '24.21.0',
    integrity: {
      'linux-x64':
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      'linux-arm64':
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
  },
}

/** Path of a Node program of that major version: the running one if it is of it; undefined where none is pinned. */
export async function ensureNodeRelease(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath
  const platform = `${process.platform}-${process.arch}`
  const { version, integrity } = releases[major]
  if (integrity[platform] === undefined) return undefined
  const folder = await ensureRegistryPackage({
    name: `node-${platform}`,
    version,
    integrity: integrity[platform],
  })
  const program = join(folder, 'bin', 'node')
  if (!existsSync(program)) throw new Error(`no ${program} in the registry package`)
  say(`Node ${version} from its registry package`)
  return program
}
