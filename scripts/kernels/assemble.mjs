import makeWabt from 'wabt'
import { composeWat } from './compose-wat.mjs'

/** The module of the kernels in binary form. */
export async function assembleKernels() {
  const wabt = await makeWabt()
  const parsed = wabt.parseWat('kernels.wat', composeWat(), { simd: true })
  try {
    return parsed.toBinary({}).buffer
  } finally {
    parsed.destroy()
  }
}
