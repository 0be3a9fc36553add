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
