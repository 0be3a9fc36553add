import { describe, expect, it } from 'vitest'
import { LvaError, ManualClock, silentLog } from '../kernel/index.ts'
import type { Embedder } from '../models/index.ts'
import { QueryVectors } from './query-vectors.ts'

/** Answers when it is told to. */
function slowEmbedder() {
  const asked: string[] = []
  const waiting: PromiseWithResolvers<Float32Array[]>[] = []
  const embedder: Embedder = {
    info: { id: 'slow', dimensions: 1, maxTokens: 1 },
    embed: ([text = '']) => {
      asked.push(text)
      const answer = Promise.withResolvers<Float32Array[]>()
      waiting.push(answer)
      return answer.promise
    },
  }
  return { embedder, asked, answer: (value: number) => waiting.shift()?.resolve([new Float32Array([value])]), waiting }
}

describe('QueryVectors', () => {
  it('embeds a query once', async () => {
    const { embedder, asked, answer } = slowEmbedder()
    const vectors = new QueryVectors({ embedder, clock: new ManualClock(), log: silentLog })
    const both = [vectors.vectorOf('one'), vectors.vectorOf('one')]
    answer(1)
    expect(await Promise.all(both)).toEqual([new Float32Array([1]), new Float32Array([1])])
    expect(await vectors.vectorOf('one')).toEqual(new Float32Array([1]))
    expect(asked).toEqual(['one'])
  })

  it('goes on without a vector when that takes too long, and has it the next time', async () => {
    const { embedder, asked, answer } = slowEmbedder()
    const clock = new ManualClock()
    const vectors = new QueryVectors({ embedder, clock, log: silentLog, patienceMs: 100 })
    const first = vectors.vectorOf('one')
    clock.advance(100)
    expect(await first).toBeUndefined()
    answer(1)
    expect(await vectors.vectorOf('one')).toEqual(new Float32Array([1]))
    expect(asked).toEqual(['one'])
    expect(clock.sleeping).toBe(0)
  })

  it('goes on without a vector when the models are down, and asks them again', async () => {
    const { embedder, asked, waiting, answer } = slowEmbedder()
    const vectors = new QueryVectors({ embedder, clock: new ManualClock(), log: silentLog })
    const first = vectors.vectorOf('one')
    waiting.shift()?.reject(new LvaError('model-process-down', 'Down.'))
    expect(await first).toBeUndefined()
    const second = vectors.vectorOf('one')
    answer(2)
    expect(await second).toEqual(new Float32Array([2]))
    expect(asked).toEqual(['one', 'one'])
  })

  it('stops waiting when it is told to', async () => {
    const { embedder } = slowEmbedder()
    const vectors = new QueryVectors({ embedder, clock: new ManualClock(), log: silentLog })
    const stop = new AbortController()
    const vector = vectors.vectorOf('one', stop.signal)
    stop.abort(new DOMException('Stopped.', 'AbortError'))
    await expect(vector).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('keeps the latest queries only', async () => {
    const { embedder, asked, answer } = slowEmbedder()
    const vectors = new QueryVectors({ embedder, clock: new ManualClock(), log: silentLog })
    for (let number = 0; number < 300; number += 1) {
      const vector = vectors.vectorOf(`query ${number}`)
      answer(number)
      await vector
    }
    await vectors.vectorOf('query 299')
    expect(asked).toHaveLength(300)
    const again = vectors.vectorOf('query 0')
    answer(0)
    await again
    expect(asked).toHaveLength(301)
  })
})
