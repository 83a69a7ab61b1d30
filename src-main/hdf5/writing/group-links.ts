import { ByteWriter, encodeText } from './byte-writer.ts'
import { encodeTextAs } from './datatypes.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'

/** A link as it is written. */
export type LinkToWrite =
  | { readonly kind: 'hard'; readonly name: string; readonly address: number }
  | { readonly kind: 'soft'; readonly name: string; readonly target: string }

const LINK_VERSION = 1
const FLAG = { lengthOfTwoBytes: 1, hasType: 8, hasCharset: 16 } as const
const SOFT = 1
const UTF8 = 1

/** Spec: Link Info without heap and index, and Group Info: all links are messages of the header. */
export function compactGroupMessages(links: readonly LinkToWrite[]): HeaderMessage[] {
  return [
    {
      type: MESSAGE.linkInfo,
      body: new ByteWriter(18).uint8(0).uint8(0).address(null).address(null).toBytes(),
    },
    { type: MESSAGE.groupInfo, body: Uint8Array.of(0, 0), isConstant: true },
    ...links.map(linkMessage),
  ]
}

/** Spec: Link message version 1. */
function linkMessage(link: LinkToWrite): HeaderMessage {
  const { bytes: name, charset } = encodeTextAs(link.name)
  const isUtf8 = charset === 'utf-8'
  const writer = new ByteWriter(32).uint8(LINK_VERSION)
  writer.uint8(
    FLAG.lengthOfTwoBytes | (link.kind === 'soft' ? FLAG.hasType : 0) | (isUtf8 ? FLAG.hasCharset : 0),
  )
  if (link.kind === 'soft') writer.uint8(SOFT)
  if (isUtf8) writer.uint8(UTF8)
  writer.uint16(name.byteLength).bytes(name)
  if (link.kind === 'hard') writer.uint64(link.address)
  else writeTarget(writer, link.target)
  return { type: MESSAGE.link, body: writer.toBytes() }
}

function writeTarget(writer: ByteWriter, target: string): void {
  const bytes = encodeText(target)
  writer.uint16(bytes.byteLength).bytes(bytes)
}
