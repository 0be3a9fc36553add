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
  /** Whether the last look found that it shows the tables. */
  #wasCurrent = false

  constructor(parts: CurrentGraphParts) {
    this.#parts = parts
  }

  /** Asks the graph; where it fails, it is made anew and asked once more. */
  async ask<T>(question: (graph: Graph) => Promise<T>): Promise<T> {
    const { graph, early } = await this.#turn.run(() => this.#current(question))
    try {
      return await (early ?? question(graph))
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
      this.#wasCurrent = false
    })
  }

  /**
   * The graph as the tables are, and the answer of the one that was current before, where it still is: it is asked beside the look at the
   * revision, which hardly ever has changed.
   */
  async #current<T>(question: (graph: Graph) => Promise<T>): Promise<{ graph: Graph; early?: Promise<T> | undefined }> {
    this.#graph ??= await this.#open()
    const graph = this.#graph
    const early = this.#wasCurrent ? question(graph) : undefined
    // Whoever asks meets its failure.
    early?.catch(() => undefined)
    this.#wasCurrent = false
    const [shown, wanted] = await Promise.all([graph.revision(), this.#parts.revision()])
    const isCurrent = shown === wanted
    if (!isCurrent) {
      await early?.catch(() => undefined)
      await graph.replace(await this.#parts.snapshot())
    }
    this.#wasCurrent = true
    return { graph, early: isCurrent ? early : undefined }
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
