import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { createRemoteReader, type RemoteReader } from '../../src-core/capture/index.ts'
import { configSchema, silentLog, systemClock } from '../../src-core/kernel/index.ts'
import type { ChildHandle } from '../../src-core/models/index.ts'
import { relationsTo, zipOf } from '../../test/made-documents.ts'
import { forkNode, heapLimit } from '../child-process.ts'

/** The real process, as the core starts it. */

const limits = { ...configSchema.parse({}).documents, memoryMb: 200 }
let started: ChildHandle[] = []
let reader: RemoteReader

beforeEach(async () => {
  await reader?.close()
  started = []
  reader = createRemoteReader({
    spawn: (heapMb) => {
      const child = forkNode('documents', [], { PATH: process.env.PATH ?? '', ...heapLimit(heapMb) })
      started.push(child)
      return child
    },
    limits,
    logLevel: 'silent',
    clock: systemClock,
    log: silentLog,
  })
})
afterAll(() => reader?.close())

const how = { onProgress: () => undefined, signal: new AbortController().signal }
const letter = { bytes: new TextEncoder().encode('Words.'), format: 'text' as const, name: 'a.txt' }

it('does not outgrow its memory, and another one reads the next document', async () => {
  // Unfolds within its bounds, and is far larger as a tree.
  const greedy = zipOf({
    'xl/workbook.xml': '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relationsTo('worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `<worksheet>${'<c a="1"/>'.repeat(2_500_000)}</worksheet>`,
  })
  const reading = reader.read({ bytes: new Uint8Array(greedy), format: 'xlsx', name: 'greedy.xlsx' }, how)
  await expect(reading).rejects.toMatchObject({ code: 'document-too-complex' })
  expect((await reader.read(letter, how)).text).toBe('Words.')
  expect(started).toHaveLength(2)
})

it('is killed in the middle of its work, and another one reads the next document', async () => {
  const reading = reader.read({ bytes: new Uint8Array(1), format: 'image', name: 'x.png' }, how)
  await turn()
  process.kill(started[0]?.pid ?? Number.NaN, 'SIGKILL')
  await expect(reading).rejects.toMatchObject({ code: 'document-too-complex' })
  expect((await reader.read(letter, how)).text).toBe('Words.')
})
