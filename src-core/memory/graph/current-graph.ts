import { type Closable, type Log, Mutex } from '../../kernel/index.ts'
import { InMemoryGraph } from './in-memory.ts'
import type { Graph, GraphSnapshot } from './types.ts'

export interface CurrentGraphParts {
  open: () => Promise<Graph>
  /** Revision of the tables. */
  revision: () => Promise<number>
  snapshot: () => Promise<GraphSnapshot>
  log: Log
}

/** The graph as the tables are now: opened at its first use, made anew where it shows another fold or breaks. */
export class CurrentGraph implements Closable {
  readonly #parts: CurrentGraphParts
  readonly #turn = new Mutex()
  #graph: Graph | undefined

  constructor(parts: CurrentGraphParts) {
    this.#parts = parts
  }

  /** Asks the graph; where it fails, it is made anew and asked once more. */
  async ask<T>(question: (graph: Graph) => Promise<T>): Promise<T> {
    const graph = await this.#turn.run(() => this.#current())
    try {
      return await question(graph)
    } catch (error) {
      this.#parts.log.warn({ error }, 'the concept graph failed and is made anew')
      const made = await this.#turn.run(async () => {
        await graph.replace(await this.#parts.snapshot())
        return graph
      })
      return question(made)
    }
  }

  close(): Promise<void> {
    return this.#turn.run(async () => {
      await this.#graph?.close()
      this.#graph = undefined
    })
  }

  async #current(): Promise<Graph> {
    this.#graph ??= await this.#open()
    const [shown, wanted] = await Promise.all([this.#graph.revision(), this.#parts.revision()])
    if (shown !== wanted) await this.#graph.replace(await this.#parts.snapshot())
    return this.#graph
  }

  async #open(): Promise<Graph> {
    try {
      return await this.#parts.open()
    } catch (error) {
      // Such as a platform that it has no build for: the tables can be asked all the same.
      this.#parts.log.warn({ error }, 'the graph database cannot be opened; the graph is kept in memory')
      return new InMemoryGraph()
    }
  }
}
