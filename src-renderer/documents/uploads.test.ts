import { expect, test, vi } from 'vitest'
import type { Failure } from '../backend/failure.ts'
import { Uploads } from './uploads.ts'

const LARGE = 5 * 2 ** 20

/** Uploads whose sending is decided by the test. */
function controlled() {
  const calls: {
    names: string[]
    signal: AbortSignal
    done: PromiseWithResolvers<readonly (Failure | null)[]>
    arrived: () => void
  }[] = []
  const uploads = new Uploads({
    send(files, signal) {
      const done = Promise.withResolvers<readonly (Failure | null)[]>()
      calls.push({
        names: files.map(({ name }) => name),
        signal,
        done,
        arrived: () => done.resolve(files.map(() => null)),
      })
      return done.promise
    },
  })
  const call = (name: string) => calls.findLast(({ names }) => names.includes(name)) as (typeof calls)[number]
  return { uploads, calls, call }
}
const large = (...names: string[]) => names.map((name) => new File([new Uint8Array(LARGE)], name))
const small = (...names: string[]) => names.map((name) => new File(['x'], name))
const phases = (uploads: Uploads) => uploads.present.map(({ name, phase }) => `${name} ${phase}`)
const soon = () => new Promise((resolve) => setImmediate(resolve))
const refused: Failure = { code: 'document-empty', message: '', advice: '', params: {} }

test('sends two large files at a time, in order, and forgets what has arrived', async () => {
  const { uploads, call } = controlled()
  uploads.add(large('a', 'b', 'c'))
  expect(phases(uploads)).toEqual(['a sending', 'b sending', 'c waiting'])
  call('b').arrived()
  await soon()
  expect(phases(uploads)).toEqual(['a sending', 'c sending'])
})

test('sends small files together, a hundred at a time', async () => {
  const { uploads, calls } = controlled()
  uploads.add(small(...Array.from({ length: 250 }, (_, index) => `${index}`)))
  expect(calls.map(({ names }) => names.length)).toEqual([100, 100])
  calls[0]?.arrived()
  await soon()
  expect(calls.map(({ names }) => names.length)).toEqual([100, 100, 50])
  for (const { arrived } of calls) arrived()
  await soon()
  expect(uploads.present).toEqual([])
})

test('says what is wrong with each that is not taken, and keeps none of the others back', async () => {
  const { uploads, calls, call } = controlled()
  uploads.add(small('a', 'b', 'c'))
  call('b').done.resolve([null, refused, null])
  await soon()
  expect(phases(uploads)).toEqual(['b failed'])
  expect(uploads.present[0]?.failure).toEqual(refused)
  uploads.retry(uploads.present[0]?.key as number)
  expect(calls.map(({ names }) => names)).toEqual([['a', 'b', 'c'], ['b']])
})

test('a failure stays with its file and its reason, holds up nobody, and can be tried again', async () => {
  const { uploads, call } = controlled()
  uploads.add(large('a', 'b', 'c'))
  call('a').done.reject(Object.assign(new Error('too large'), { code: 'bad-input', advice: 'Split it.', params: {} }))
  await soon()
  expect(phases(uploads)).toEqual(['a failed', 'b sending', 'c sending'])
  expect(uploads.present[0]?.failure).toMatchObject({ code: 'bad-input', advice: 'Split it.' })
  uploads.retry(uploads.present[0]?.key as number)
  expect(phases(uploads)).toEqual(['a waiting', 'b sending', 'c sending'])
  call('b').arrived()
  await soon()
  call('a').arrived()
  await soon()
  expect(phases(uploads)).toEqual(['c sending'])
})

test('cancelling stops the sending, and makes room', async () => {
  const { uploads, call, calls } = controlled()
  const changed = vi.fn()
  uploads.subscribe(changed)
  uploads.add(large('a', 'b', 'c'))
  uploads.cancel(uploads.present[0]?.key as number)
  expect(call('a').signal.aborted).toBe(true)
  call('a').done.reject(new Error('stopped'))
  await soon()
  expect(phases(uploads)).toEqual(['b sending', 'c sending'])
  uploads.cancelAll()
  expect(uploads.present).toEqual([])
  expect(calls.every(({ signal }) => signal.aborted)).toBe(true)
  expect(changed).toHaveBeenCalled()
})

test('cancelling one of a load leaves the others on their way', async () => {
  const { uploads, call } = controlled()
  uploads.add(small('a', 'b'))
  uploads.cancel(uploads.present[0]?.key as number)
  expect(call('a').signal.aborted).toBe(false)
  expect(phases(uploads)).toEqual(['b sending'])
  uploads.cancel(uploads.present[0]?.key as number)
  expect(call('b').signal.aborted).toBe(true)
})
