import type { Drawing } from './drawing.ts'

/** A graph as the worker takes it: x and y of each concept, and of each relation the numbers of its ends and its weight. */
export interface LayoutTask {
  positions: Float32Array
  edges: Uint32Array
  weights: Float32Array
  iterations: number
}

export interface LaidOut {
  /** How much is done, from 0 to 1. */
  share: number
  positions: Float32Array
}

/** Iterations for a map that was never laid out, and for one whose concepts mostly have their places. */
const FIRST = 300
const AGAIN = 60

/** Where concepts lay last: a correction must not throw the map about. */
const remembered = new Map<string, { x: number; y: number }>()

/**
 * Lays a drawing out by ForceAtlas2 (Jacomy et al. 2014) in a worker, so that the screen stays free.
 * @param onShare told how much is done, from 0 to 1; the drawing itself changes once, at the end
 * @throws the reason of the signal
 */
export async function layOut(drawing: Drawing, onShare: (share: number) => void, signal: AbortSignal): Promise<void> {
  const ids = drawing.nodes()
  let known = 0
  for (const id of ids) {
    const place = remembered.get(id)
    if (!place) continue
    known += 1
    drawing.mergeNodeAttributes(id, place)
  }
  if (ids.length < 2 || known === ids.length) return
  const positions = await arrange(taskOf(drawing, ids, known > ids.length / 2 ? AGAIN : FIRST), onShare, signal)
  for (const [index, id] of ids.entries()) {
    const place = { x: positions[2 * index] ?? 0, y: positions[2 * index + 1] ?? 0 }
    remembered.set(id, place)
    drawing.mergeNodeAttributes(id, place)
  }
}

/** Forgets all places, so that the next layout begins anew. */
export function forgetPlaces(): void {
  remembered.clear()
}

function taskOf(drawing: Drawing, ids: readonly string[], iterations: number): LayoutTask {
  const numbers = new Map(ids.map((id, index) => [id, index]))
  const positions = new Float32Array(2 * ids.length)
  for (const [index, id] of ids.entries()) {
    const { x, y } = drawing.getNodeAttributes(id)
    positions.set([x, y], 2 * index)
  }
  const edges = new Uint32Array(2 * drawing.size)
  const weights = new Float32Array(drawing.size)
  let at = 0
  drawing.forEachEdge((_edge, { weight }, source, target) => {
    edges.set([numbers.get(source) ?? 0, numbers.get(target) ?? 0], 2 * at)
    weights[at] = weight
    at += 1
  })
  return { positions, edges, weights, iterations }
}

function arrange(task: LayoutTask, onShare: (share: number) => void, signal: AbortSignal): Promise<Float32Array> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Float32Array>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    worker.onerror = () => reject(new Error('The layout worker failed.'))
    worker.onmessage = ({ data }: MessageEvent<LaidOut>) => {
      onShare(data.share)
      if (data.share >= 1) resolve(data.positions)
    }
    worker.postMessage(task, [task.positions.buffer, task.edges.buffer, task.weights.buffer])
  }).finally(() => worker.terminate())
}
