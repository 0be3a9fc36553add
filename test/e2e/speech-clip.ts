import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openFlite, writeWav } from '../../src-core/models/index.ts'

/** A recorded voice from the public data beside this checkout: the sentence of 1961, "ask not what your country can do for you". */
const RECORDED = path.resolve(import.meta.dirname, '../../../shared/data/speech/wav/jfk.wav')

/** A WAV file of somebody who says "country": a real recording where there is one, otherwise the packaged voice. */
export async function speechClip(folder: string): Promise<string> {
  if (existsSync(RECORDED)) return RECORDED
  const say = await openFlite()
  const file = path.join(folder, 'clip.wav')
  writeFileSync(file, writeWav(await say('Ask what you can do for your country.')))
  return file
}
