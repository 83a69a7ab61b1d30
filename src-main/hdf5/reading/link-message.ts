import type { ByteCursor } from './byte-cursor.ts'
import { decodeName } from '../name-bytes.ts'
import type { Link } from './stored-object.ts'

const TYPE = { hard: 0, soft: 1, external: 64 } as const
const KNOWN_FLAGS = 0x1f
/** Spec: types from here on are of user-defined links. */
const FIRST_USER_TYPE = 64
const FLAG_CREATION_ORDER = 0x04
const FLAG_TYPE = 0x08
const FLAG_CHARSET = 0x10

/** Spec: "Link Message", version 1. */
export function parseLink(cursor: ByteCursor): Link {
  cursor.expectVersion([1], 'a link')
  const flags = cursor.uint8()
  if ((flags & ~KNOWN_FLAGS) !== 0) {
    throw cursor.damage(`a link has unknown flags (${flags})`, { back: 1 })
  }
  const linkType = flags & FLAG_TYPE ? cursor.uint8() : TYPE.hard
  if (linkType > TYPE.soft && linkType < FIRST_USER_TYPE) {
    throw cursor.damage(`link type ${linkType} is not known`, { back: 1 })
  }
  cursor.skip(flags & FLAG_CREATION_ORDER ? 8 : 0)
  if (flags & FLAG_CHARSET && cursor.uint8() > 1) {
    throw cursor.damage('the character set of a link is not known', { back: 1 })
  }
  const name = readLinkName(cursor, 2 ** (flags & 0x03))
  switch (linkType) {
    case TYPE.hard:
      return { kind: 'hard', name, address: cursor.requireAddress(`link ${name}`) }
    case TYPE.soft:
      return { kind: 'soft', name, target: readTarget(cursor, name) }
    case TYPE.external:
      return parseExternal(cursor.part(cursor.uint16()), name)
    default:
      return { kind: 'other', name, linkType }
  }
}

function readLinkName(cursor: ByteCursor, lengthBytes: number): string {
  const name = decodeName(cursor.run(cursor.uint(lengthBytes)))
  checkLinkName(cursor, name)
  return name
}

/** @throws E_META for a name that no path can hold. */
export function checkLinkName(cursor: ByteCursor, name: string): void {
  if (name === '' || name === '.' || /[/\0]/.test(name)) {
    throw cursor.damage(`a link cannot be named "${name}"`)
  }
}

function readTarget(cursor: ByteCursor, name: string): string {
  const target = decodeName(cursor.run(cursor.uint16()))
  if (target === '') {
    throw cursor.damage(`soft link ${name} leads nowhere`, { back: 2 })
  }
  return target
}

function parseExternal(cursor: ByteCursor, name: string): Link {
  // Version and flags in one byte.
  cursor.skip(1)
  return { kind: 'external', name, file: cursor.textToNul(), target: cursor.textToNul() }
}
