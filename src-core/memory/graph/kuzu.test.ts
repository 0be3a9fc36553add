import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { graphSuite } from '../../../test/suites/graph-suite.ts'
import { KuzuGraph } from './kuzu.ts'

const root = mkdtempSync(join(tmpdir(), 'lva-graph-'))
let folders = 0
const folder = () => {
  folders += 1
  return join(root, `it's ${folders}`)
}
afterAll(() => rmSync(root, { recursive: true, force: true }))

graphSuite('Kuzu', () => KuzuGraph.open(folder()))

const small = {
  revision: 7,
  concepts: [{ id: 'a', name: 'a', weight: 1 }],
  relations: [],
  captures: [{ id: 'capture:1', at: 1, sessionId: null }],
  mentions: [{ captureId: 'capture:1', conceptId: 'a', weight: 1 }],
}

describe('Kuzu on a folder', () => {
  it('keeps what it holds, and nothing else stays in the folder', async () => {
    const place = folder()
    const graph = await KuzuGraph.open(place)
    await graph.replace({ ...small, revision: 6 })
    await graph.replace(small)
    await graph.close()
    expect(readdirSync(place)).toEqual(['7.graph'])
    const again = await KuzuGraph.open(place)
    expect([await again.revision(), await again.mentionedIn('a', 5)]).toEqual([7, ['capture:1']])
    await again.close()
  })

  it.each(['damaged', 'cut off', 'left by a crash', 'a folder where the file should be'])(
    'starts empty when it is %s',
    async (how) => {
      const place = folder()
      const graph = await KuzuGraph.open(place)
      await graph.replace(small)
      await graph.close()
      const file = join(place, '7.graph')
      if (how === 'damaged') writeFileSync(file, Buffer.alloc(40_000, 7))
      if (how === 'cut off') writeFileSync(file, 'x')
      if (how === 'left by a crash') writeFileSync(join(place, 'opening'), '')
      if (how.startsWith('a folder')) {
        rmSync(file)
        writeFileSync(join(place, 'building'), '')
      }
      const again = await KuzuGraph.open(place)
      expect(await again.revision()).toBeUndefined()
      await again.replace(small)
      expect(await again.mentionedIn('a', 5)).toEqual(['capture:1'])
      await again.close()
    },
  )

  it('ends without a crash, closed or not', () => {
    const script = `
      import { KuzuGraph } from ${JSON.stringify(resolve(import.meta.dirname, 'kuzu.ts'))}
      const graph = await KuzuGraph.open(process.argv[1])
      await graph.replace(${JSON.stringify(small)})
      await Promise.all([graph.neighbours('a', 5), graph.mentionedIn('a', 5), graph.path('a', 'b')])
      if (process.argv[2] === 'close') await graph.close()
      if (process.argv[2] === 'busy') { void graph.neighbours('a', 5); await graph.close() }`
    for (const how of ['close', 'busy', 'leave', 'close', 'busy', 'leave']) {
      const { status, signal, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', script, folder(), how],
        {
          encoding: 'utf8',
        },
      )
      expect({ how, status, signal, stderr }).toEqual({ how, status: 0, signal: null, stderr: '' })
    }
  })
})
