import { afterEach, describe, expect, it } from 'vitest'
import type { Graph, GraphRelation, GraphSnapshot } from '../../src-core/memory/graph/types.ts'

const relation = (fromId: string, toId: string, kind: GraphRelation['kind'], weight = 0.5): GraphRelation => ({
  fromId,
  toId,
  kind,
  weight,
  evidence: 2,
  firstAt: 1_700_000_000_000,
  lastAt: 1_800_000_000_000,
})

const snapshot: GraphSnapshot = {
  revision: 3,
  concepts: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: `"${id}",\n 'ü`, weight: 1 })),
  relations: [
    relation('a', 'b', 'prerequisite', 0.9),
    relation('b', 'c', 'part_of', 0.4),
    relation('c', 'd', 'prerequisite', 0.7),
    relation('a', 'd', 'related', 0.6),
    relation('b', 'a', 'uses', 0.1),
  ],
  captures: [
    { id: 'capture:1', at: 1, sessionId: 's/1 "x"' },
    { id: 'note:2', at: 3, sessionId: null },
    { id: 'document:3', at: 2, sessionId: null },
  ],
  mentions: [
    { captureId: 'capture:1', conceptId: 'a', weight: 1 },
    { captureId: 'note:2', conceptId: 'a', weight: 0.5 },
    { captureId: 'document:3', conceptId: 'a', weight: 0.5 },
  ],
}

/** What every graph must do. `open` gives an empty one. */
export function graphSuite(name: string, open: () => Promise<Graph>): void {
  describe(`graph: ${name}`, () => {
    let graph: Graph
    afterEach(() => graph.close())
    const filled = async () => {
      graph = await open()
      await graph.replace(snapshot)
      return graph
    }

    it('is empty at first', async () => {
      graph = await open()
      expect(await graph.revision()).toBeUndefined()
      expect(await graph.neighbours('a', 10)).toEqual([])
      expect(await graph.path('a', 'b')).toBeNull()
      expect(await graph.around('a', 2, 10)).toEqual({ ids: ['a'], relations: [] })
      expect(await graph.mentionedIn('a', 10)).toEqual([])
    })

    it('gives the neighbours in both directions, the strongest first', async () => {
      await filled()
      expect(await graph.revision()).toBe(3)
      expect(await graph.neighbours('a', 10)).toEqual([
        snapshot.relations[0],
        snapshot.relations[3],
        snapshot.relations[4],
      ])
      expect(await graph.neighbours('a', 1)).toEqual([snapshot.relations[0]])
      expect(await graph.neighbours('e', 10)).toEqual([])
      expect(await graph.neighbours("nobody's", 10)).toEqual([])
    })

    it('finds the shortest way along what has to be known before, never against it and never by other relations', async () => {
      await filled()
      expect(await graph.path('a', 'd')).toEqual(['a', 'b', 'c', 'd'])
      expect(await graph.path('d', 'a')).toBeNull()
      expect(await graph.path('b', 'a')).toBeNull()
      expect(await graph.path('a', 'a')).toBeNull()
    })

    it('shows what lies around a concept', async () => {
      await filled()
      const near = await graph.around('a', 1, 10)
      expect(near.ids).toEqual(['a', 'b', 'd'])
      expect(near.relations.map(({ kind }) => kind).sort()).toEqual(['prerequisite', 'related', 'uses'])
      expect(new Set((await graph.around('a', 2, 10)).ids)).toEqual(new Set(['a', 'b', 'c', 'd']))
      expect((await graph.around('a', 2, 2)).ids).toEqual(['a', 'b'])
    })

    it('knows where a concept is mentioned, the newest first', async () => {
      await filled()
      expect(await graph.mentionedIn('a', 10)).toEqual(['note:2', 'document:3', 'capture:1'])
      expect(await graph.mentionedIn('b', 10)).toEqual([])
    })

    it('is replaced as a whole', async () => {
      await filled()
      await graph.replace({ ...snapshot, revision: 4, relations: [], mentions: [] })
      expect(await graph.revision()).toBe(4)
      expect(await graph.neighbours('a', 10)).toEqual([])
      await graph.replace({ revision: 5, concepts: [], relations: [], captures: [], mentions: [] })
      expect(await graph.mentionedIn('a', 10)).toEqual([])
    })

    it('answers many at once', async () => {
      await filled()
      const paths = await Promise.all(Array.from({ length: 30 }, () => graph.path('a', 'd')))
      expect(new Set(paths.map(String))).toEqual(new Set(['a,b,c,d']))
    })
  })
}
