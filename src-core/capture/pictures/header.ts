import type { PictureType } from '../../vault/index.ts'

/** What the first bytes of a picture say, before anything is decoded. */
export interface PictureHeader {
  mediaType: PictureType
  /** Pixels as they are stored. */
  width: number
  height: number
  /** Whether it is looked at turned by a quarter, by its EXIF orientation. */
  isTurned: boolean
}

type Size = Pick<PictureHeader, 'width' | 'height'>

/**
 * Reads type and size of a PNG, JPEG, WebP or GIF from its header, whatever its name says.
 * @returns undefined for anything else, and for one whose header is cut off or has no size
 */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mediaType = typeOf(view)
  if (!mediaType) return undefined
  const size = SIZES[mediaType](view)
  if (!size || size.width < 1 || size.height < 1) return undefined
  return { mediaType, ...size, isTurned: mediaType === 'image/jpeg' && orientationOf(view) >= 5 }
}

function typeOf(view: Buffer): PictureType | undefined {
  if (view.length < 12) return undefined
  if (view.readUInt32BE(0) === 0x89504e47 && view.readUInt32BE(4) === 0x0d0a1a0a) return 'image/png'
  if (view.readUInt16BE(0) === 0xffd8 && view[2] === 0xff) return 'image/jpeg'
  const start = view.toString('latin1', 0, 6)
  if (start === 'GIF87a' || start === 'GIF89a') return 'image/gif'
  return start.startsWith('RIFF') && view.toString('latin1', 8, 12) === 'WEBP' ? 'image/webp' : undefined
}

const SIZES: Record<PictureType, (view: Buffer) => Size | undefined> = {
  'image/png': (view) =>
    view.length >= 24 && view.toString('latin1', 12, 16) === 'IHDR'
      ? { width: view.readUInt32BE(16), height: view.readUInt32BE(20) }
      : undefined,
  'image/gif': (view) => ({ width: view.readUInt16LE(6), height: view.readUInt16LE(8) }),
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
}

/** Width and height stand in the frame header, the first segment of SOF0 to SOF15 (ITU-T T.81, B.2.2). */
function jpegSize(view: Buffer): Size | undefined {
  for (const { marker, at } of jpegSegments(view)) {
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && at + 9 <= view.length) return { height: view.readUInt16BE(at + 5), width: view.readUInt16BE(at + 7) }
  }
  return undefined
}

/** The EXIF orientation, 1 to 8; 1 where the file says none. */
function orientationOf(view: Buffer): number {
  for (const { marker, at, length } of jpegSegments(view)) {
    if (marker !== 0xe1 || view.toString('latin1', at + 4, at + 10) !== 'Exif\0\0') continue
    const tiff = view.subarray(at + 10, at + 2 + length)
    if (tiff.length < 14) return 1
    const isLittle = tiff.toString('latin1', 0, 2) === 'II'
    const u16 = (place: number) => (isLittle ? tiff.readUInt16LE(place) : tiff.readUInt16BE(place))
    const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
    if (first + 2 > tiff.length) return 1
    const entries = u16(first)
    for (let entry = 0; entry < entries; entry++) {
      const place = first + 2 + entry * 12
      if (place + 12 > tiff.length) return 1
      if (u16(place) === 0x0112) return u16(place + 8)
    }
  }
  return 1
}

/** The segments before the picture's data. `at` is the place of the marker, `length` counts from behind it. */
function* jpegSegments(view: Buffer): Generator<{ marker: number; at: number; length: number }> {
  let at = 2
  while (at + 4 <= view.length && view[at] === 0xff) {
    const marker = view[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = view.readUInt16BE(at + 2)
    if (marker === 0xda || length < 2) return
    yield { marker, at, length }
    at += 2 + length
  }
}

/** The first chunk is VP8, VP8L or VP8X (RFC 9649). */
function webpSize(view: Buffer): Size | undefined {
  if (view.length < 30) return undefined
  const chunk = view.toString('latin1', 12, 16)
  if (chunk === 'VP8 ') return { width: view.readUInt16LE(26) & 0x3fff, height: view.readUInt16LE(28) & 0x3fff }
  if (chunk === 'VP8L') {
    const bits = view.readUInt32LE(21)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (chunk === 'VP8X') return { width: view.readUIntLE(24, 3) + 1, height: view.readUIntLE(27, 3) + 1 }
  return undefined
}
