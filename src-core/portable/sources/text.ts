import type { Source, SourceFile } from './types.ts'

/** Bytes of a text file that becomes a note, at most. */
export const LARGEST_TEXT = 16 * 2 ** 20

/** The whole file, or null when it is larger than `most` bytes. */
export async function readBytes(source: Source, file: SourceFile, most: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of source.read(file)) {
    bytes += piece.length
    if (bytes > most) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** The first bytes of the file as text, for telling what it is. */
export async function readBeginning(source: Source, file: SourceFile, bytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let read = 0
  for await (const piece of source.read(file)) {
    pieces.push(piece)
    read += piece.length
    if (read >= bytes) break
  }
  return Buffer.concat(pieces).subarray(0, bytes)
}

/** Text in UTF-8, in UTF-16 with its mark, else in Windows-1252, in which every byte is a letter. */
export function decodeText(bytes: Uint8Array): { text: string; wasGuessed: boolean } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), wasGuessed: false }
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), wasGuessed: false }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), wasGuessed: false }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), wasGuessed: true }
  }
}
