import type { Datatype } from '../hdf5/model.ts'

/** Spec: `index` counts the events of a file from 1; on a selection it starts anew. Values for the output rows, in the type of the source. */
export function composeIndexRows(datatype: Datatype, start: number, stop: number): Uint8Array {
  const bytes = new Uint8Array((stop - start) * datatype.size)
  const view = new DataView(bytes.buffer)
  const put = choosePut(datatype, view)
  for (let row = start; row < stop; row++) put((row - start) * datatype.size, row + 1)
  return bytes
}

function choosePut(type: Datatype, view: DataView): (at: number, value: number) => void {
  if (type.class === 'float') {
    const isLittle = (type.classBits & 1) === 0
    if (type.size === 4) return (at, value) => view.setFloat32(at, value, isLittle)
    return (at, value) => view.setFloat64(at, value, isLittle)
  }
  const isLittle = type.class === 'integer' && type.littleEndian
  switch (type.size) {
    case 1:
      return (at, value) => view.setUint8(at, value)
    case 2:
      return (at, value) => view.setUint16(at, value, isLittle)
    case 4:
      return (at, value) => view.setUint32(at, value, isLittle)
    default:
      return (at, value) => view.setBigUint64(at, BigInt(value), isLittle)
  }
}
