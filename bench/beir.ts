import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A collection in the layout of the BEIR benchmark. */
export interface Collection {
  documents: CollectionDocument[]
  /** Those that have a judged document. */
  queries: { id: string; text: string }[]
  /** For each query the gain (above 0) of each relevant document. */
  judgements: Map<string, Map<string, number>>
}

export interface CollectionDocument {
  id: string
  title: string
  text: string
  /** Conversation that it is a turn of, where the set says so. */
  session?: string
}

/** Reads `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` (or the only file in `qrels`). */
export function readCollection(folder: string, split = 'test'): Collection {
  const judgements = readJudgements(folder, split)
  const documents = readLines(join(folder, 'corpus.jsonl')).map((line) => {
    const { _id, title, text, metadata } = JSON.parse(line)
    const document = { id: String(_id), title: String(title ?? ''), text: String(text ?? '') }
    return metadata?.session === undefined ? document : { ...document, session: String(metadata.session) }
  })
  const queries = readLines(join(folder, 'queries.jsonl'))
    .map((line) => JSON.parse(line))
    .map(({ _id, text }) => ({ id: String(_id), text: String(text) }))
    .filter(({ id }) => judgements.has(id))
  return { documents, queries, judgements }
}

function readJudgements(folder: string, split: string): Collection['judgements'] {
  const usual = join(folder, 'qrels', `${split}.tsv`)
  const file = existsSync(usual) ? usual : join(folder, 'qrels', readdirSync(join(folder, 'qrels'))[0] ?? 'test.tsv')
  const judgements: Collection['judgements'] = new Map()
  for (const line of readLines(file)) {
    const [query = '', document = '', gain] = line.split('\t')
    // Below 0 and 0 mean not relevant; the heading is no number.
    if (!(Number(gain) > 0)) continue
    const relevant = judgements.get(query) ?? new Map()
    judgements.set(query, relevant.set(document, Number(gain)))
  }
  return judgements
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
}
