import { describe, expect, it } from 'vitest'
import { Closables } from './lifecycle.ts'
import { Mutex } from './mutex.ts'

describe('Closables', () => {
  it('closes in reverse order, once', async () => {
    const order: number[] = []
    const owner = new Closables()
    for (const n of [1, 2, 3]) owner.add({ close: async () => void order.push(n) })
    await Promise.all([owner.close(), owner.close()])
    expect(order).toEqual([3, 2, 1])
  })

  it('closes the rest when a member fails, and says so', async () => {
    const order: number[] = []
    const owner = new Closables()
    owner.defer(() => void order.push(1))
    owner.defer(() => {
      throw new Error('stuck')
    })
    await expect(owner.close()).rejects.toThrow('stuck')
    expect(order).toEqual([1])
  })
})

describe('Mutex', () => {
  it('runs tasks one after the other, also after a failure', async () => {
    const mutex = new Mutex()
    const order: string[] = []
    const first = mutex.run(async () => {
      await Promise.resolve()
      order.push('first')
      throw new Error('no')
    })
    const second = mutex.run(() => order.push('second'))
    await expect(first).rejects.toThrow('no')
    await second
    expect(order).toEqual(['first', 'second'])
  })
})
