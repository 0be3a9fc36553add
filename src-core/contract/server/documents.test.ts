import { expect, it } from 'vitest'
import type { QueueNews } from '../../capture/index.ts'
import { documentEvents } from './documents.ts'

type Documents = Parameters<typeof documentEvents>[0]

function imitated() {
  let tell: (news: QueueNews) => void = () => undefined
  const lookUps: string[][] = []
  const documents = {
    onNews: (listener: typeof tell) => {
      tell = listener
      return () => undefined
    },
    getMany: async (ids: readonly string[]) => {
      lookUps.push([...ids])
      return ids.filter((id) => id !== 'gone').map((id) => ({ id }))
    },
    queueState: async () => ({ pending: lookUps.length, failed: 0, paused: false }),
  } as unknown as Documents
  return { documents, lookUps, tell: (news: QueueNews) => tell(news) }
}

const nameOf = (event: Awaited<ReturnType<ReturnType<typeof documentEvents>['next']>>['value']) =>
  event === undefined ? undefined : event.type === 'queue' ? 'queue' : event.document.id

it('begins with the queue, and tells once of what has changed several times meanwhile', async () => {
  const { documents, lookUps, tell } = imitated()
  const stop = new AbortController()
  const events = documentEvents(documents, stop.signal)
  expect(nameOf((await events.next()).value)).toBe('queue')
  for (let time = 0; time < 3; time += 1) {
    for (const id of ['a', 'b', 'gone']) tell({ type: 'document', id })
    tell({ type: 'queue' })
  }
  const told = [await events.next(), await events.next(), await events.next()].map(({ value }) => nameOf(value))
  expect(told).toEqual(['a', 'b', 'queue'])
  expect(lookUps).toEqual([['a', 'b', 'gone']])
  tell({ type: 'document', id: 'a' })
  expect(nameOf((await events.next()).value)).toBe('a')
  const last = events.next()
  stop.abort()
  expect((await last).done).toBe(true)
})

it('tells what comes while it tells', async () => {
  const { documents, tell } = imitated()
  const events = documentEvents(documents)
  await events.next()
  tell({ type: 'document', id: 'a' })
  expect(nameOf((await events.next()).value)).toBe('a')
  tell({ type: 'document', id: 'b' })
  expect(nameOf((await events.next()).value)).toBe('b')
})
