import { expect, it } from 'vitest'
import type { BridgeMessage } from '../../src-core/contract/index.ts'
import { openWindows } from './open-windows.ts'

it('asks the desktop each time, and hears nothing else', async () => {
  let tell: (message: BridgeMessage) => void = () => undefined
  const asked: string[] = []
  const windows = openWindows({
    send: ({ type }) => {
      asked.push(type)
      tell({ type: 'closed' })
      tell({ type: 'windows', titles: [`Lecture ${asked.length}`] })
    },
    subscribe: (listener) => {
      tell = listener
    },
  })
  expect(await windows()).toEqual(['Lecture 1'])
  expect(await windows()).toEqual(['Lecture 2'])
  expect(asked).toEqual(['list-windows', 'list-windows'])
})
