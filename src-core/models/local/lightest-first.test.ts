import { expect, it } from 'vitest'
import { LightestFirst } from './lightest-first.ts'

/** A turn of its own for each task, which ends when it is told to. */
function tasks() {
  const turns = new LightestFirst()
  const began: string[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  const start = (name: string, weight: number) => {
    const end = Promise.withResolvers<void>()
    ends.set(name, end)
    return turns.run(weight, async () => {
      began.push(name)
      await end.promise
    })
  }
  const end = async (name: string, error?: Error) => {
    if (error) ends.get(name)?.reject(error)
    else ends.get(name)?.resolve()
    await new Promise(setImmediate)
  }
  return { began, start, end }
}

it('runs one at a time, the lightest of those that wait next, equals in the order in which they came', async () => {
  const { began, start, end } = tasks()
  const all = [start('heavy', 9), start('first', 5), start('second', 5), start('light', 1)]
  expect(began).toEqual(['heavy'])
  await end('heavy')
  expect(began).toEqual(['heavy', 'light'])
  await end('light')
  await end('first')
  await end('second')
  expect(began).toEqual(['heavy', 'light', 'first', 'second'])
  await Promise.all(all)
})

it('goes on after a task that failed, and begins at once when nothing waits', async () => {
  const { began, start, end } = tasks()
  const failing = start('failing', 1)
  const next = start('next', 1)
  failing.catch(() => undefined)
  await end('failing', new Error('no'))
  await expect(failing).rejects.toThrow('no')
  await end('next')
  await next
  const later = start('later', 1)
  expect(began).toEqual(['failing', 'next', 'later'])
  await end('later')
  await later
})

it('lets nobody wait for ever, however many lighter ones keep coming', async () => {
  const { began, start, end } = tasks()
  const all = [start('running', 1), start('heavy', 9), start('light 1', 1)]
  await end('running')
  // As two lists that are cut into slices: the next one is there before the present one ends.
  for (let number = 1; number <= 4; number += 1) {
    all.push(start(`light ${number + 1}`, 1))
    await end(`light ${number}`)
  }
  expect(began).toEqual(['running', 'light 1', 'light 2', 'light 3', 'light 4', 'heavy'])
  await end('heavy')
  await end('light 5')
  await Promise.all(all)
})
