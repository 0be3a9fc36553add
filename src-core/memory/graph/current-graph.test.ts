import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../kernel/index.ts'
import { CurrentGraph } from './current-graph.ts'
import { InMemoryGraph } from './in-memory.ts'
import { KuzuGraph } from './kuzu.ts'
import type { Graph, GraphSnapshot } from './types.ts'

const root = mkdtempSync(join(tmpdir(), 'lva-current-graph-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const snapshotOf = (revision: number): GraphSnapshot => ({
  revision,
  concepts: [{ id: 'a', name: 'a', weight: 1 }],
  relations: [],
  captures: [{ id: 'capture:1', at: 1, sessionId: null }],
  mentions: [{ captureId: 'capture:1', conceptId: 'a', weight: 1 }],
})
const over = (open: () => Promise<Graph>, tables: { revision: number; snapshots: number }) =>
  new CurrentGraph({
    open,
    revision: async () => tables.revision,
    snapshot: async () => {
      tables.snapshots += 1
      return snapshotOf(tables.revision)
    },
    log: silentLog,
  })
const mentions = (graph: CurrentGraph) => graph.ask((each) => each.mentionedIn('a', 5))

describe('the current graph', () => {
  it('is made anew when the tables were folded again, and only then', async () => {
    const tables = { revision: 1, snapshots: 0 }
    const graph = over(async () => new InMemoryGraph(), tables)
    await mentions(graph)
    await mentions(graph)
    expect(tables.snapshots).toBe(1)
    tables.revision = 2
    expect(await mentions(graph)).toEqual(['capture:1'])
    expect(tables.snapshots).toBe(2)
    await graph.close()
  })

  it.each(['deleted', 'damaged', 'half deleted'])('comes back when its folder was %s', async (how) => {
    const place = join(root, how)
    const tables = { revision: 3, snapshots: 0 }
    const first = over(() => KuzuGraph.open(place), tables)
    await mentions(first)
    await first.close()
    if (how === 'deleted') rmSync(place, { recursive: true })
    else if (how === 'damaged') writeFileSync(join(place, '3.graph'), Buffer.alloc(60_000, 7))
    else for (const name of readdirSync(place)) rmSync(join(place, name))
    const second = over(() => KuzuGraph.open(place), tables)
    expect(await mentions(second)).toEqual(['capture:1'])
    expect(tables.snapshots).toBe(2)
    await second.close()
    const third = over(() => KuzuGraph.open(place), tables)
    expect(await mentions(third)).toEqual(['capture:1'])
    expect(tables.snapshots).toBe(2)
    await third.close()
  })

  it('is asked beside the look at the tables, and again where these have changed meanwhile', async () => {
    const tables = { revision: 1, snapshots: 0 }
    let looked: PromiseWithResolvers<void> | undefined
    const graph = new CurrentGraph({
      open: async () => new InMemoryGraph(),
      revision: async () => {
        await looked?.promise
        return tables.revision
      },
      snapshot: async () => snapshotOf(tables.revision),
      log: silentLog,
    })
    await mentions(graph)
    looked = Promise.withResolvers()
    let asked = 0
    const counted = () =>
      graph.ask(async (each) => {
        asked += 1
        return each.revision()
      })
    const same = counted()
    await new Promise(setImmediate)
    expect(asked).toBe(1)
    looked.resolve()
    expect([await same, asked]).toEqual([1, 1])
    looked = Promise.withResolvers()
    const other = counted()
    await new Promise(setImmediate)
    tables.revision = 2
    looked.resolve()
    expect([await other, asked]).toEqual([2, 3])
    await graph.close()
  })

  it('is made anew once when it breaks, and tells an error that stays', async () => {
    const tables = { revision: 1, snapshots: 0 }
    const graph = over(async () => new InMemoryGraph(), tables)
    let asked = 0
    const broken = (times: number) =>
      graph.ask(async (each) => {
        asked += 1
        if (asked <= times) throw new Error('broken')
        return each.mentionedIn('a', 5)
      })
    expect(await broken(1)).toEqual(['capture:1'])
    expect(tables.snapshots).toBe(2)
    asked = 0
    await expect(broken(2)).rejects.toThrow('broken')
    await graph.close()
  })

  it('is kept in memory where the graph database cannot be loaded', async () => {
    const graph = over(() => Promise.reject(new Error('no build for this platform')), { revision: 1, snapshots: 0 })
    expect(await mentions(graph)).toEqual(['capture:1'])
    await graph.close()
  })
})
