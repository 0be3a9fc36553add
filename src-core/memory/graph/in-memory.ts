import { type Graph, type GraphRelation, type GraphSnapshot, LEARNING_KINDS, LONGEST_PATH } from './types.ts'

/** The graph in the memory of the process: for tests, and for machines on which Kuzu does not load. */
export class InMemoryGraph implements Graph {
  #snapshot: GraphSnapshot | undefined
  #relations = new Map<string, GraphRelation[]>()
  #mentions = new Map<string, string[]>()

  async revision(): Promise<number | undefined> {
    return this.#snapshot?.revision
  }

  async replace(snapshot: GraphSnapshot): Promise<void> {
    this.#snapshot = snapshot
    this.#relations = new Map()
    this.#mentions = new Map()
    for (const relation of snapshot.relations)
      for (const id of [relation.fromId, relation.toId]) append(this.#relations, id, relation)
    for (const list of this.#relations.values()) list.sort(byWeight)
    const at = new Map(snapshot.captures.map((capture) => [capture.id, capture.at]))
    for (const { captureId, conceptId } of snapshot.mentions) append(this.#mentions, conceptId, captureId)
    for (const list of this.#mentions.values())
      list.sort((a, b) => (at.get(b) ?? 0) - (at.get(a) ?? 0) || (a < b ? -1 : 1))
  }

  async neighbours(id: string, limit: number): Promise<GraphRelation[]> {
    return (this.#relations.get(id) ?? []).slice(0, limit)
  }

  async path(fromId: string, toId: string): Promise<string[] | null> {
    const before = new Map<string, string>([[fromId, fromId]])
    let border = [fromId]
    for (let step = 0; step < LONGEST_PATH && border.length > 0 && !before.has(toId); step += 1) {
      const next: string[] = []
      for (const id of border) {
        for (const relation of this.#relations.get(id) ?? []) {
          if (relation.fromId !== id || !LEARNING_KINDS.includes(relation.kind) || before.has(relation.toId)) continue
          before.set(relation.toId, id)
          next.push(relation.toId)
        }
      }
      border = next
    }
    if (fromId === toId || !before.has(toId)) return null
    const path = [toId]
    for (let at = toId; at !== fromId; path.unshift(at)) at = before.get(at) as string
    return path
  }

  async around(id: string, steps: number, limit: number) {
    const ids = [id]
    for (let step = 0, from = 0; step < steps && ids.length < limit; step += 1) {
      const border = ids.slice(from)
      from = ids.length
      const reached = border.flatMap((each) => this.#relations.get(each) ?? []).sort(byWeight)
      for (const { fromId, toId } of reached)
        for (const each of [fromId, toId]) if (ids.length < limit && !ids.includes(each)) ids.push(each)
    }
    const among = new Set(ids)
    const relations = ids.flatMap((each) => (this.#relations.get(each) ?? []).filter(({ fromId }) => fromId === each))
    return { ids, relations: relations.filter(({ toId }) => among.has(toId)) }
  }

  async mentionedIn(id: string, limit: number): Promise<string[]> {
    return (this.#mentions.get(id) ?? []).slice(0, limit)
  }

  async close(): Promise<void> {
    this.#relations.clear()
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

export function byWeight(a: GraphRelation, b: GraphRelation): number {
  const keyOf = ({ fromId, toId, kind }: GraphRelation) => `${fromId}/${toId}/${kind}`
  return b.weight - a.weight || (keyOf(a) < keyOf(b) ? -1 : 1)
}
