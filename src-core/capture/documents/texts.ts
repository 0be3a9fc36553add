import type { Queries } from '../../store/index.ts'
import type { DocumentBlock } from '../../vault/index.ts'

export interface BlockWithText extends DocumentBlock {
  text: string
}

export interface DocumentStretch {
  blocks: BlockWithText[]
  /** Index of the first block here, and how many there are. */
  from: number
  total: number
}

interface ReadText {
  version: string
  text: string
  blocks: DocumentBlock[]
}

/** Texts of which a reader is likely to ask for the next stretch. */
const KEPT = 3

/** The texts of documents, a stretch at a time. */
export class DocumentTexts {
  readonly #queries: Queries
  readonly #vaultId: string
  readonly #kept = new Map<string, ReadText>()

  constructor(queries: Queries, vaultId: string) {
    this.#queries = queries
    this.#vaultId = vaultId
  }

  /** `around` is a place in the text: the stretch then begins a little before it. Empty while nothing was read. */
  async stretch(id: string, options: { from?: number; around?: number; limit: number }): Promise<DocumentStretch> {
    const { text, blocks } = await this.#read(id)
    const { around, limit } = options
    const from =
      around === undefined
        ? Math.min(options.from ?? 0, blocks.length)
        : Math.max(0, blocks.findLastIndex(({ start }) => start <= around) - Math.floor(limit / 4))
    return {
      blocks: blocks.slice(from, from + limit).map((block) => ({ ...block, text: text.slice(block.start, block.end) })),
      from,
      total: blocks.length,
    }
  }

  async #read(id: string): Promise<ReadText> {
    const [row] = await this.#queries.query<{ version: string }>(
      `select xmin::text as version from document_texts where vault_id = $1 and document_id = $2`,
      [this.#vaultId, id],
    )
    if (!row) return { version: '', text: '', blocks: [] }
    const kept = this.#kept.get(id)
    if (kept?.version === row.version) return kept
    const [read] = await this.#queries.query<ReadText & Record<string, unknown>>(
      `select xmin::text as version, text, blocks from document_texts where vault_id = $1 and document_id = $2`,
      [this.#vaultId, id],
    )
    if (!read) return { version: '', text: '', blocks: [] }
    this.#kept.delete(id)
    this.#kept.set(id, read)
    for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT) this.#kept.delete(oldest)
    return read
  }
}
