import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { Client } from '../../src-core/contract/index.ts'
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
