import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { AppEvent, Client } from '../../src-core/contract/index.ts'
import { applyEvent } from './live-updates.ts'
import { keys } from './queries.ts'

test('progress of sync reads its status again, and the devices only where they may have changed', async () => {
  const cache = new QueryClient()
  const devices = [...keys.sync, 'devices']
  const seen = async (hasNewDevices: boolean) => {
    for (const key of [keys.syncStatus, devices]) cache.setQueryData(key, {})
    await applyEvent({} as Client, cache, { type: 'sync', devices: hasNewDevices })
    return [keys.syncStatus, devices].map((key) => cache.getQueryState(key)?.isInvalidated)
  }
  expect(await seen(false)).toEqual([true, false])
  expect(await seen(true)).toEqual([true, true])
  cache.clear()
})

test('asks again how it is with a file that was looked at before sync had noticed it', async () => {
  const cache = new QueryClient()
  const file = keys.attachment('a'.repeat(64))
  cache.setQueryData(file, { state: 'unknown', bytes: null })
  await applyEvent({} as Client, cache, { type: 'sync', devices: false })
  expect(cache.getQueryState(file)?.isInvalidated).toBe(true)
  cache.clear()
})

test('a frame of the study timeline puts no session of its day into the list of sessions', async () => {
  const cache = new QueryClient()
  const learned = { id: 'learned', title: null, lastAt: '2026-11-28T09:00:00.000Z', preview: 'Tides' }
  cache.setQueryData(keys.sessions, { pages: [{ items: [learned], next: null }], pageParams: [undefined] })
  const client = {
    sessions: { get: async ({ id }: { id: string }) => ({ ...learned, id, lastAt: '2026-11-28T10:00:00.000Z' }) },
  } as unknown as Client
  const nothing = { captures: [], notes: [], documents: [], settings: false, memories: false, cards: false }
  const changed = (id: string) => ({ type: 'changed', ...nothing, sessions: [id] }) as unknown as AppEvent
  const listed = () =>
    (cache.getQueryData(keys.sessions) as { pages: { items: { id: string }[] }[] }).pages.flatMap(({ items }) =>
      items.map(({ id }) => id),
    )
  await applyEvent(client, cache, changed('screens:2026-11-28'))
  expect(listed()).toEqual(['learned'])
  await applyEvent(client, cache, changed('said'))
  expect(listed()).toEqual(['said', 'learned'])
  cache.clear()
})
