import type { Dataspace } from '../model.ts'
import { assertNever } from '../../errors.ts'
import { ByteWriter } from './byte-writer.ts'

const VERSION = 2
const HAS_MAXIMUM = 1
const KIND = { scalar: 0, simple: 1, null: 2 } as const

/** Spec: Dataspace message version 2. Maximum dimensions are left out where they equal the dimensions. */
export function encodeDataspace(space: Dataspace): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(32).uint8(VERSION)
  switch (space.kind) {
    case 'null':
      return writer.uint8(0).uint8(0).uint8(KIND.null).toBytes()
    case 'scalar':
      return writer.uint8(0).uint8(0).uint8(KIND.scalar).toBytes()
    case 'simple': {
      const canGrow = space.maxShape.some((length, axis) => length !== space.shape[axis])
      writer
        .uint8(space.shape.length)
        .uint8(canGrow ? HAS_MAXIMUM : 0)
        .uint8(KIND.simple)
      for (const length of space.shape) writer.uint64(length)
      for (const length of canGrow ? space.maxShape : []) writer.address(length)
      return writer.toBytes()
    }
    default:
      return assertNever(space)
  }
}
