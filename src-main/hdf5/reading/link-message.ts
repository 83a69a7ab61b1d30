import type { ByteCursor } from './byte-cursor.ts'
import { decodeText } from './byte-cursor.ts'
import type { Link } from './stored-object.ts'

const TYPE = { hard: 0, soft: 1, external: 64 } as const
const FLAG_CREATION_ORDER = 0x04
const FLAG_TYPE = 0x08
const FLAG_CHARSET = 0x10

/** Spec: "Link Message", version 1. */
export function parseLink(cursor: ByteCursor): Link {
  cursor.expectVersion([1], 'a link')
  const flags = cursor.uint8()
  const linkType = flags & FLAG_TYPE ? cursor.uint8() : TYPE.hard
  cursor.skip(flags & FLAG_CREATION_ORDER ? 8 : 0).skip(flags & FLAG_CHARSET ? 1 : 0)
  const name = decodeText(cursor.run(cursor.uint(2 ** (flags & 0x03))))
  switch (linkType) {
    case TYPE.hard:
      return { kind: 'hard', name, address: cursor.requireAddress(`link ${name}`) }
    case TYPE.soft:
      return { kind: 'soft', name, target: decodeText(cursor.run(cursor.uint16())) }
    case TYPE.external:
      return parseExternal(cursor.part(cursor.uint16()), name)
    default:
      return { kind: 'other', name, linkType }
  }
}

function parseExternal(cursor: ByteCursor, name: string): Link {
  // Version and flags in one byte.
  cursor.skip(1)
  return { kind: 'external', name, file: cursor.textToNul(), target: cursor.textToNul() }
}
