import { createCanvas } from '@napi-rs/canvas'

/** A screen with writing: white, black letters, one line below the other. */
export function screenWith(lines: readonly string[], { width = 900, size = 20, heading = '' } = {}): Buffer {
  const canvas = createCanvas(width, 80 + (lines.length + 2) * size * 2)
  const context = canvas.getContext('2d')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#111111'
  if (heading !== '') {
    context.font = `${size * 2}px sans-serif`
    context.fillText(heading, 40, 60)
  }
  context.font = `${size}px sans-serif`
  for (const [index, line] of lines.entries()) context.fillText(line, 40, 120 + index * size * 2)
  return canvas.toBuffer('image/png')
}

/** A picture of one colour, or of two halves. */
export function plainPicture(type: 'image/png' | 'image/jpeg' | 'image/webp', width = 60, height = 40): Buffer {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#c03020'
  context.fillRect(0, 0, width, height)
  context.fillStyle = '#2030c0'
  context.fillRect(0, 0, width / 2, height)
  return type === 'image/png' ? canvas.toBuffer(type) : canvas.toBuffer(type, 90)
}

/** The JPEG with an EXIF orientation and a place (GPS) in it. */
export function withExif(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0II*\0', 'latin1'),
    Buffer.from([8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from('GPSLatitude 52.5163', 'latin1'),
  ])
  const length = exif.length + 2
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xe1, length >> 8, length & 0xff]),
    exif,
    jpeg.subarray(2),
  ])
}

/** 8 by 8 pixels of the middle grey in cyan, magenta, yellow and black, as printers' programs write them. */
export function cmykJpeg(): Buffer {
  const segment = (marker: number, content: number[]) =>
    Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff, ...content])
  const components = [1, 2, 3, 4]
  const table = (kind: number) => segment(0xc4, [kind << 4, 1, ...new Array<number>(15).fill(0), 0])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    segment(0xc0, [8, 0, 8, 0, 8, 4, ...components.flatMap((id) => [id, 0x11, 0])]),
    table(0),
    table(1),
    segment(0xda, [4, ...components.flatMap((id) => [id, 0]), 0, 63, 0]),
    Buffer.from([0x00, 0xff, 0xd9]),
  ])
}

/** Two frames of 2 by 2 pixels: the first black, the second white. */
export function animatedGif(): Buffer {
  const frame = (colour: number) => [
    ...[0x21, 0xf9, 4, 0, 10, 0, 0, 0],
    ...[0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0],
    // Codes of three bits: clear, four times the colour, end.
    ...lzw([4, colour, colour, colour, colour, 5]),
  ]
  return Buffer.from([
    ...Buffer.from('GIF89a', 'latin1'),
    ...[2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ...frame(0),
    ...frame(1),
    0x3b,
  ])
}

function lzw(codes: readonly number[]): number[] {
  // Two colours begin with codes of three bits, which grow to four once eight are known.
  let bits = 0
  let count = 0
  const bytes: number[] = []
  for (const [index, code] of codes.entries()) {
    bits |= code << count
    count += index < 5 ? 3 : 4
    while (count >= 8) {
      bytes.push(bits & 0xff)
      bits >>= 8
      count -= 8
    }
  }
  if (count > 0) bytes.push(bits & 0xff)
  return [2, bytes.length, ...bytes, 0]
}

/** The beginning of a PNG that claims so many pixels. */
export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(60)
  header.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  header.writeUInt32BE(width, 16)
  header.writeUInt32BE(height, 20)
  header.set([8, 2, 0, 0, 0], 24)
  return header
}
