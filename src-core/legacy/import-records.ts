import type * as Y from 'yjs'
import type { OpenVault } from '../vault/index.ts'
import type { ImportRecord } from './types.ts'

/** The document that says which imports there were (docs/import-v1.md §5). */
const DOCUMENT = 'imports'

type Written = Omit<ImportRecord, 'id' | 'state' | 'at' | 'captures'> & { kind: 'v1'; dump: string | null }
type State = Pick<ImportRecord, 'state' | 'at'>

/** The imports of a vault, as its document has them. */
export class ImportRecords {
  readonly #vault: OpenVault

  constructor(vault: OpenVault) {
    this.#vault = vault
  }

  /** Writes the record when it is not there yet, and that it runs. */
  begin(id: string, record: Written, at: string): Promise<void> {
    return this.#vault.documents.change(DOCUMENT, (doc) => {
      const { imports, states } = mapsOf(doc)
      if (!imports.has(id)) imports.set(id, record)
      states.set(id, { state: 'running', at })
    })
  }

  setState(id: string, state: State): Promise<void> {
    return this.#vault.documents.change(DOCUMENT, (doc) => {
      mapsOf(doc).states.set(id, state)
    })
  }

  /** The newest first. What another version wrote otherwise is left out. */
  async list(): Promise<(Omit<ImportRecord, 'captures'> & { dump: string | null })[]> {
    const found = await this.#vault.documents.change(DOCUMENT, (doc) => {
      const { imports, states } = mapsOf(doc)
      return Array.from(imports.entries(), ([id, record]) => ({ id, record, state: states.get(id) }))
    })
    return found
      .flatMap(({ id, record, state }) =>
        isWritten(record) && isState(state) ? [{ id, ...record, state: state.state, at: state.at }] : [],
      )
      .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  }
}

function mapsOf(doc: Y.Doc): { imports: Y.Map<unknown>; states: Y.Map<unknown> } {
  return { imports: doc.getMap('imports'), states: doc.getMap('states') }
}

function isWritten(value: unknown): value is Written {
  const record = value as Written | null
  return typeof record === 'object' && record?.kind === 'v1' && typeof record.startedAt === 'string'
}

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && typeof (value as State).state === 'string'
}
