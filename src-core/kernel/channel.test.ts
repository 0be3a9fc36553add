import { describe, expect, it } from 'vitest'
import { Channel } from './channel.ts'

async function collect<T>(channel: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of channel) values.push(value)
  return values
}

describe('Channel', () => {
  it('keeps what was pushed before the reader came, then ends', async () => {
    const channel = new Channel<number>()
    channel.push(1)
    channel.push(2)
    channel.end()
    channel.push(3)
    expect(await collect(channel)).toEqual([1, 2])
  })

  it('wakes a waiting reader', async () => {
    const channel = new Channel<number>()
    const all = collect(channel)
    await Promise.resolve()
    channel.push(1)
    channel.end()
    expect(await all).toEqual([1])
  })

  it('gives the reader what came before a failure, then the failure', async () => {
    const channel = new Channel<number>()
    channel.push(1)
    channel.fail(new Error('cut'))
    const seen: number[] = []
    await expect(
      (async () => {
        for await (const value of channel) seen.push(value)
      })(),
    ).rejects.toThrow('cut')
    expect(seen).toEqual([1])
  })

  it('tells the writer when the reader stops early', async () => {
    let stopped = false
    const channel = new Channel<number>(() => {
      stopped = true
    })
    channel.push(1)
    channel.push(2)
    for await (const _ of channel) break
    expect(stopped).toBe(true)
  })
})
