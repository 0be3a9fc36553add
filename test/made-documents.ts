import { createHash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

/** Documents that tests make: as small as their kind allows. */

/** A zip archive of deflated parts. */
export function zipOf(parts: Record<string, string | Buffer>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content as string)
    const packed = deflateRawSync(raw)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(raw), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(raw.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const head = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name)])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, rest, Buffer.from(name)]))
    local.push(head, packed)
    at += head.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\u0005\u0006'), end])
}

/** The relations of an office part, `r1` and up. */
export function relationsTo(...targets: string[]): string {
  const relations = targets.map((target, index) => `<Relationship Id="r${index + 1}" Target="${target}"/>`)
  return `<Relationships>${relations.join('')}</Relationships>`
}

/** Words on a page of a PDF, in points from the lower left corner. */
export interface PdfWords {
  text: string
  x: number
  y: number
  /** 12 when left out. */
  size?: number
  /** Degrees against the clock. */
  turned?: number
}

/** Objects of a PDF by number, each its source. */
export function pdfOfObjects(objects: readonly string[], trailer = ''): Buffer {
  const offsets: number[] = []
  let source = '%PDF-1.7\n'
  for (const [index, object] of objects.entries()) {
    offsets.push(source.length)
    source += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  source += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${source.length}\n%%EOF\n`
  return Buffer.from(source, 'latin1')
}

/** A PDF of Letter pages, set in Helvetica. `rotate` is how the pages are turned for showing, in degrees. */
export function pdfOf(pages: readonly (readonly PdfWords[])[], rotate = 0): Buffer {
  return pdfOfObjects(pageObjects(pages, rotate, (content) => content))
}

/** The same behind a password, which must be in Latin letters: the standard handler of PDF with keys of 40 bits (ISO 32000-1 §7.6.3, revision 2). */
export function lockedPdfOf(pages: readonly (readonly PdfWords[])[], password: string): Buffer {
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), PASSWORD_PADDING]).subarray(0, 32)
  const owner = rc4(md5(padded).subarray(0, 5), padded)
  const rights = Buffer.from([0xfc, 0xff, 0xff, 0xff])
  const key = md5(padded, owner, rights, Buffer.from([0])).subarray(0, 5)
  const sealed = (content: string, object: number) =>
    rc4(
      md5(key, Buffer.from([object, object >> 8, object >> 16, 0, 0])).subarray(0, 10),
      Buffer.from(content, 'latin1'),
    )
  const hex = (bytes: Buffer) => `<${bytes.toString('hex')}>`
  return pdfOfObjects(
    pageObjects(pages, 0, (content, object) => sealed(content, object).toString('latin1')),
    `/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O${hex(owner)}/U${hex(rc4(key, PASSWORD_PADDING))}>>`,
  )
}

const PASSWORD_PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')

function md5(...parts: Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest()
}

/** OpenSSL keeps this cipher behind a provider of its own. */
function rc4(key: Buffer, bytes: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, place) => place)
  const at = (place: number) => state[place & 255] ?? 0
  const exchange = (a: number, b: number) => {
    ;[state[a & 255], state[b & 255]] = [at(b), at(a)]
  }
  let other = 0
  for (let place = 0; place < 256; place += 1) {
    other = (other + at(place) + (key[place % key.length] ?? 0)) & 255
    exchange(place, other)
  }
  other = 0
  return bytes.map((byte, index) => {
    other = (other + at(index + 1)) & 255
    exchange(index + 1, other)
    return byte ^ at(at(index + 1) + at(other))
  }) as Buffer
}

/** @param kept what stands in the file for the content of a page, the number of whose object it is told */
function pageObjects(
  pages: readonly (readonly PdfWords[])[],
  rotate: number,
  kept: (content: string, object: number) => string,
): string[] {
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`)
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  ]
  for (const [index, words] of pages.entries()) {
    const content = kept(words.map(shown).join('\n'), 5 + index * 2)
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Rotate ${rotate}/Resources<</Font<</F 3 0 R>>>>/Contents ${5 + index * 2} 0 R>>`,
      `<</Length ${content.length}>>\nstream\n${content}\nendstream`,
    )
  }
  return objects
}

function shown({ text, x, y, size = 12, turned = 0 }: PdfWords): string {
  const [cos, sin] = [Math.cos, Math.sin].map((of) => of((turned * Math.PI) / 180).toFixed(5))
  return `BT /F ${size} Tf ${cos} ${sin} ${negated(sin)} ${cos} ${x} ${y} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`
}

function negated(figure = '0'): string {
  return (-Number(figure)).toFixed(5)
}
