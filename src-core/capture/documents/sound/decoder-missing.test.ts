import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { openSound } from './open-sound.ts'

vi.mock('node-web-audio-api', () => {
  throw new Error('libasound.so.2: cannot open shared object file')
})

async function piecesOf(name: string) {
  const pieces: Float32Array[] = []
  const bytes = readFileSync(join(import.meta.dirname, '../../../../test/sounds', name))
  for await (const piece of openSound(bytes).pieces()) pieces.push(piece)
  return pieces
}

it('where the decoder cannot be loaded, it is said so, and no file is called damaged', async () => {
  await expect(piecesOf('water.mp3')).rejects.toMatchObject({ code: 'sound-decoder-missing' })
  await expect(piecesOf('vorbis.ogg')).rejects.toMatchObject({ code: 'sound-decoder-missing' })
  expect(await piecesOf('opus.ogg')).not.toEqual([])
})
