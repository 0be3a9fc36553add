import type { DesktopCapturer } from 'electron'
import { expect, it } from 'vitest'
import { windowTitles } from './window-titles.ts'

const telling = (getSources: () => Promise<object[]>) =>
  windowTitles({ getSources } as unknown as Pick<DesktopCapturer, 'getSources'>)

it('tells the titles of windows, and none are not the same as a system that does not tell', async () => {
  expect(await telling(async () => [{ name: 'Lecture' }, { name: 'x'.repeat(900) }])).toEqual([
    'Lecture',
    'x'.repeat(500),
  ])
  expect(await telling(async () => [])).toEqual([])
  await expect(telling(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
})
