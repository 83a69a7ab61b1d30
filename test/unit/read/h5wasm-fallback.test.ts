import { describe, expect, it } from 'vitest'
import { H5wasmFallback } from '../../../src-main/read/h5wasm-fallback.ts'
import { lookInto, writeMeasurement } from './measurement-fixture.ts'

describe('reading through h5wasm', () => {
  it('gives the same bytes as the layer', async () => {
    const path = await writeMeasurement()
    const fallback = new H5wasmFallback(path)
    try {
      await lookInto(path, async (measurement) => {
        for (const { name, datasets } of [...measurement.scalarFeatures, ...measurement.imageFeatures]) {
          const reader = await measurement.openReader(datasets[0])
          expect(await fallback.readRows(datasets[0], 3, 9), name).toEqual(await reader.readRows(3, 9))
        }
      })
    } finally {
      await fallback.close()
    }
  })

  it('closes without having been used, and after it could not open', async () => {
    const path = await writeMeasurement()
    await new H5wasmFallback(path).close()
    await lookInto(path, async (measurement) => {
      const [deform] = measurement.scalarFeatures
      if (deform === undefined) throw new Error('there should be a scalar')
      const fallback = new H5wasmFallback(`${path}.not-there`)
      await expect(fallback.readRows(deform.datasets[0], 0, 1)).rejects.toThrow()
      await fallback.close()
    })
  })
})
