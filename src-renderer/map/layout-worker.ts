import Graph from 'graphology'
import forceAtlas2 from 'graphology-layout-forceatlas2'
import type { LaidOut, LayoutTask } from './layout.ts'

/** Iterations between two reports. */
const STRIDE = 10

// The types of the page stand here as well, so the scope is named for what is used of it.
const scope = self as unknown as {
  onmessage: (event: { data: LayoutTask }) => void
  postMessage(message: LaidOut, transfer: Transferable[]): void
}

scope.onmessage = ({ data: { positions, edges, weights, iterations } }) => {
  const count = positions.length / 2
  const graph = new Graph({ type: 'directed' })
  for (let index = 0; index < count; index += 1)
    graph.addNode(index, { x: positions[2 * index], y: positions[2 * index + 1] })
  for (let index = 0; index < weights.length; index += 1)
    graph.addDirectedEdge(edges[2 * index], edges[2 * index + 1], { weight: weights[index] })
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    barnesHutOptimize: count > 300,
    strongGravityMode: true,
    gravity: 0.15,
    scalingRatio: 12,
    edgeWeightInfluence: 0.4,
  }
  for (let done = 0; done < iterations; done += STRIDE) {
    forceAtlas2.assign(graph, { iterations: Math.min(STRIDE, iterations - done), settings, getEdgeWeight: 'weight' })
    const next = new Float32Array(2 * count)
    graph.forEachNode((index, { x, y }) => {
      next[2 * Number(index)] = x
      next[2 * Number(index) + 1] = y
    })
    const share = Math.min(1, (done + STRIDE) / iterations)
    scope.postMessage({ share, positions: next }, [next.buffer])
  }
}
