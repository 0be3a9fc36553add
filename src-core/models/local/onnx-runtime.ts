import type { InferenceSession } from 'onnxruntime-node'

export type Onnx = typeof import('onnxruntime-node')

/** Loads the runtime on first use: it is large, and the process that only supervises never needs it. */
export const loadOnnx = (): Promise<Onnx> => import('onnxruntime-node')

/**
 * Opens a model file, or a model that is in memory already.
 * @param threads threads inside an operator; 0 takes one for each physical core
 */
export function openSession(
  onnx: Onnx,
  model: string | Uint8Array<ArrayBuffer>,
  threads: number,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    // Threads that wait sleep instead of spinning: half the processor time, and several times as fast on a machine that has other
    // things to do; on an idle one a tenth slower.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    // 3: errors. Warnings are about graph details that nobody can act on.
    logSeverityLevel: 3,
  }
  return typeof model === 'string'
    ? onnx.InferenceSession.create(model, options)
    : onnx.InferenceSession.create(model, options)
}
