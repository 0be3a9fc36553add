import { describe, expect, it } from 'vitest'
import { readText } from './read.ts'
import { threadReader } from './thread.ts'

describe('the thread that reads', { timeout: 30_000 }, () => {
  it('reads as the function does, many texts asked for at once in their order', async () => {
    const reader = threadReader()
    const texts = ['Gradient descent finds a minimum.', '', 'Die Ableitung ist die Steigung.']
    expect(await Promise.all(texts.map((text) => reader.read(text)))).toEqual(texts.map(readText))
    await reader.close()
  })

  it('refuses what is stopped or closed, and can be closed before it began', async () => {
    const reader = threadReader()
    await expect(reader.read('A text.', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    await reader.close()
    await expect(reader.read('A text.')).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('ends who waits when it is closed', async () => {
    const reader = threadReader()
    await reader.read('A text.')
    const waiting = expect(reader.read('Another text. '.repeat(2_000))).rejects.toMatchObject({ code: 'cancelled' })
    await Promise.resolve()
    await reader.close()
    await waiting
  })
})
