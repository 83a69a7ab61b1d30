interface KnownFormat {
  readonly name: string
  readonly magic: readonly number[]
}

const KNOWN_FORMATS: readonly KnownFormat[] = [
  { name: 'a JPEG image', magic: [0xff, 0xd8, 0xff] },
  { name: 'a PNG image', magic: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'a ZIP archive (unpack it first)', magic: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'an empty ZIP archive', magic: [0x50, 0x4b, 0x05, 0x06] },
  { name: 'a TDMS file', magic: [0x54, 0x44, 0x53, 0x6d] },
  { name: 'a gzip archive (unpack it first)', magic: [0x1f, 0x8b] },
  { name: 'a Zstandard archive (unpack it first)', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'a 7z archive (unpack it first)', magic: [0x37, 0x7a, 0xbc, 0xaf] },
  { name: 'a TIFF image', magic: [0x49, 0x49, 0x2a, 0x00] },
  { name: 'a TIFF image', magic: [0x4d, 0x4d, 0x00, 0x2a] },
  { name: 'an AVI or WAV file', magic: [0x52, 0x49, 0x46, 0x46] },
  { name: 'a PDF document', magic: [0x25, 0x50, 0x44, 0x46] },
  { name: 'an HDF4 file', magic: [0x0e, 0x03, 0x13, 0x01] },
  { name: 'a NetCDF 3 file', magic: [0x43, 0x44, 0x46] },
  { name: 'an FCS file', magic: [0x46, 0x43, 0x53] },
  { name: 'a MATLAB file', magic: [0x4d, 0x41, 0x54, 0x4c, 0x41, 0x42] },
]

/** Letters outside of ASCII that text may have (units such as µm, names), as a part of all. */
const MOST_FOREIGN = 0.3

/** What the first bytes of a file look like, as `a PNG image`; undefined if nothing is known. */
export function guessFormat(head: Uint8Array): string | undefined {
  const known = KNOWN_FORMATS.find(({ magic }) => magic.every((byte, index) => head[index] === byte))
  if (known) {
    return known.name
  }
  if (head.every((byte) => byte === 0)) {
    return 'a file of zeros (a copy that never finished?)'
  }
  return guessText(head)
}

function guessText(head: Uint8Array): string | undefined {
  const isPlain = head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
  const foreignCount = head.filter((byte) => byte >= 0x7f).length
  if (!isPlain || foreignCount > MOST_FOREIGN * head.length) {
    return undefined
  }
  const text = new TextDecoder().decode(head)
  const start = text.trimStart()
  if (/^<!doctype html|^<html/i.test(start)) return 'a web page (a failed download?)'
  if (start.startsWith('<?xml')) return 'an XML file'
  if (start.startsWith('version https://git-lfs')) return 'a Git LFS pointer (fetch the file itself)'
  if (/^[{[]/.test(start)) return 'a JSON or text file'
  const lines = text.split(/\r?\n/)
  return lines.length > 1 && /[,;\t]/.test(lines[0] ?? '') ? 'a CSV or text table' : 'a text file'
}
