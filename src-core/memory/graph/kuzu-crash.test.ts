import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { KuzuGraph } from './kuzu.ts'

const root = mkdtempSync(join(tmpdir(), 'lva-graph-crash-'))
let folders = 0
const folder = () => {
  folders += 1
  return join(root, String(folders))
}
afterAll(() => rmSync(root, { recursive: true, force: true }))

const small = {
  revision: 1,
  concepts: [{ id: 'a', name: 'a', weight: 1 }],
  relations: [],
  captures: [{ id: 'capture:1', at: 1, sessionId: null }],
  mentions: [{ captureId: 'capture:1', conceptId: 'a', weight: 1 }],
}

/** A process of its own that writes a graph large enough to be met in the middle. `when(name, rounds)` runs once that file is there and so many rounds of the event loop have passed. */
const WRITER = `
  import { existsSync } from 'node:fs'
  import { join } from 'node:path'
  import { KuzuGraph } from ${JSON.stringify(resolve(import.meta.dirname, 'kuzu.ts'))}
  const [place, how, rounds] = [process.argv[1], process.argv[2], Number(process.argv[3])]
  const ids = Array.from({ length: 2_000 }, (_, index) => 'concept ' + index)
  const big = {
    revision: 2,
    concepts: ids.map((id) => ({ id, name: id, weight: 1 })),
    relations: ids.flatMap((fromId, index) => Array.from({ length: 10 }, (_, step) => ({
      fromId, toId: ids[(index * 7 + step + 1) % ids.length], kind: 'related', weight: 0.5, evidence: 1, firstAt: 1, lastAt: 2,
    }))),
    captures: [],
    mentions: [],
  }
  const when = (name, act) => {
    let passed = 0
    const look = () => {
      if (existsSync(join(place, name))) passed += 1
      if (passed > rounds) act()
      else setImmediate(look)
    }
    look()
  }
  const graph = await KuzuGraph.open(place)
  if (how === 'killed in COPY') when('building/RELATED_TO.csv', () => process.kill(process.pid, 'SIGKILL'))
  if (how === 'killed in opening') when('opening', () => process.kill(process.pid, 'SIGKILL'))
  const writing = graph.replace(big)
  if (how === 'closed in COPY') when('building/RELATED_TO.csv', () => void graph.close())
  await writing
  if (how === 'closed') await Promise.all([graph.neighbours(ids[0], 5), graph.close(), graph.close()])`

const write = (place: string, how: string, rounds = 0) => {
  const args = ['--input-type=module', '-e', WRITER, place, how, String(rounds)]
  const { status, signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, signal, stderr }
}

describe('a process that writes the graph', () => {
  it.each([
    ['killed in COPY', 0],
    ['killed in COPY', 3],
    ['killed in COPY', 30],
    ['killed in opening', 0],
    ['killed in opening', 1],
  ])('leaves nothing that is taken for a graph when it is %s (round %i)', { timeout: 60_000 }, async (how, rounds) => {
    const place = folder()
    expect(write(place, how, rounds)).toEqual({ status: null, signal: 'SIGKILL', stderr: '' })
    const again = await KuzuGraph.open(place)
    expect(await again.revision()).toBeUndefined()
    expect(readdirSync(place)).toEqual([])
    await again.replace(small)
    expect(await again.mentionedIn('a', 5)).toEqual(['capture:1'])
    await again.close()
    expect(readdirSync(place)).toEqual(['1.graph'])
  })

  it.each(['closed in COPY', 'closed'])('ends in peace when it is %s, time after time', { timeout: 120_000 }, (how) => {
    const place = folder()
    for (let time = 0; time < 3; time += 1)
      expect({ time, ...write(place, how, time * 8) }).toEqual({ time, status: 0, signal: null, stderr: '' })
    expect(readdirSync(place)).toEqual(['2.graph'])
  })
})
