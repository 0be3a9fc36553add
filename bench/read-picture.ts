import { readFile } from 'node:fs/promises'
import { createCanvas } from '@napi-rs/canvas'
import { readPictureHeader } from '../src-core/capture/pictures/header.ts'
import { workOnPicture } from '../src-core/capture/pictures/work.ts'

const LETTERS = 14
const LINE = 21

/** Reads a file as a picture that came with a message; undefined for kinds that do not. */
export async function readPictureFile(path: string): Promise<string | undefined> {
  const bytes = await readFile(path)
  return readPictureHeader(bytes) ? read(bytes) : undefined
}

/** Reads a screen on which these lines stand, black on white, in the system's letters without serifs. */
export async function readScreenWith(lines: readonly string[]): Promise<string> {
  const canvas = createCanvas(1_280, 60 + lines.length * LINE)
  const context = canvas.getContext('2d')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#1f2328'
  context.font = `${LETTERS}px sans-serif`
  for (const [index, line] of lines.entries()) context.fillText(line, 32, 48 + index * LINE)
  return read(canvas.toBuffer('image/png'))
}

async function read(bytes: Uint8Array): Promise<string> {
  const { signal } = new AbortController()
  const result = await workOnPicture(bytes, { kind: 'read', language: 'eng' }, signal)
  return 'text' in result ? result.text : ''
}
