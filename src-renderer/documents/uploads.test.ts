import { expect, test, vi } from 'vitest'
import { Uploads } from './uploads.ts'

/** Uploads whose sending is decided by the test. */
function controlled() {
  const calls: { name: string; signal: AbortSignal; done: PromiseWithResolvers<void> }[] = []
  const uploads = new Uploads({
    send(file, signal) {
      const done = Promise.withResolvers<void>()
      calls.push({ name: file.name, signal, done })
      return done.promise
    },
  })
  const call = (name: string) => calls.findLast((one) => one.name === name) as (typeof calls)[number]
  return { uploads, calls, call }
}
const files = (...names: string[]) => names.map((name) => new File(['x'], name))
const phases = (uploads: Uploads) => uploads.present.map(({ name, phase }) => `${name} ${phase}`)
const soon = () => new Promise((resolve) => setImmediate(resolve))

test('sends two at a time, in order, and forgets what has arrived', async () => {
  const { uploads, call } = controlled()
  uploads.add(files('a', 'b', 'c'))
  expect(phases(uploads)).toEqual(['a sending', 'b sending', 'c waiting'])
  call('b').done.resolve()
  await soon()
  expect(phases(uploads)).toEqual(['a sending', 'c sending'])
})

test('a failure stays with its file and its reason, holds up nobody, and can be tried again', async () => {
  const { uploads, call } = controlled()
  uploads.add(files('a', 'b', 'c'))
  call('a').done.reject(Object.assign(new Error('too large'), { code: 'bad-input', advice: 'Split it.', params: {} }))
  await soon()
  expect(phases(uploads)).toEqual(['a failed', 'b sending', 'c sending'])
  expect(uploads.present[0]?.failure).toMatchObject({ code: 'bad-input', advice: 'Split it.' })
  uploads.retry(uploads.present[0]?.key as number)
  expect(phases(uploads)).toEqual(['a waiting', 'b sending', 'c sending'])
  call('b').done.resolve()
  await soon()
  call('a').done.resolve()
  await soon()
  expect(phases(uploads)).toEqual(['c sending'])
})

test('cancelling stops the sending, and makes room', async () => {
  const { uploads, call, calls } = controlled()
  const changed = vi.fn()
  uploads.subscribe(changed)
  uploads.add(files('a', 'b', 'c'))
  uploads.cancel(uploads.present[0]?.key as number)
  expect(call('a').signal.aborted).toBe(true)
  expect(phases(uploads)).toEqual(['b sending', 'c sending'])
  call('a').done.reject(new Error('stopped'))
  await soon()
  expect(phases(uploads)).toEqual(['b sending', 'c sending'])
  uploads.cancelAll()
  expect(uploads.present).toEqual([])
  expect(calls.every(({ signal }) => signal.aborted)).toBe(true)
  expect(changed).toHaveBeenCalled()
})
