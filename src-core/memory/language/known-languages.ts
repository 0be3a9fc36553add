import type { Queries } from '../../store/index.ts'

/** The languages that the texts of a memory are in. One that has gone stays until the next start, which only makes a query look further. */
export class KnownLanguages {
  readonly #codes = new Set<string>()

  async prepare(queries: Queries, vaultId: string): Promise<void> {
    const rows = await queries.query<{ language: string }>(
      'select distinct language from chunks where vault_id = $1 and language is not null',
      [vaultId],
    )
    this.add(rows.map((row) => row.language))
  }

  add(codes: Iterable<string | null>): void {
    for (const code of codes) if (code !== null) this.#codes.add(code)
  }

  get codes(): ReadonlySet<string> {
    return this.#codes
  }
}
