import { isLvaError, type Log } from '../../kernel/index.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './types.ts'

/**
 * A lexical index that is made anew, once in the life of this process, when an error inside it spoils a search: everything in it comes
 * from `chunks`, so that nothing can be lost and the learner need not know.
 */
export class SelfRepairingIndex implements LexicalIndex {
  readonly #index: LexicalIndex
  readonly #log: Log
  #repairing: Promise<void> | undefined

  constructor(index: LexicalIndex, log: Log) {
    this.#index = index
    this.#log = log
  }

  prepare(): Promise<void> {
    return this.#index.prepare()
  }

  async search(terms: readonly string[], options: LexicalSearch): Promise<LexicalMatch[]> {
    try {
      return await this.#index.search(terms, options)
    } catch (error) {
      if (!isLvaError(error, 'internal')) throw error
      if (!this.#repairing) this.#log.warn({ error }, 'a search by words failed; making the lexical index anew')
      this.#repairing ??= this.repair()
      await this.#repairing
      return await this.#index.search(terms, options)
    }
  }

  repair(): Promise<void> {
    return this.#index.repair()
  }
}
