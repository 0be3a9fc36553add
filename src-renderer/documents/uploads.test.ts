import { expect, test, vi } from 'vitest'
import type { Failure } from '../backend/failure.ts'
import { type Sent, Uploads } from './uploads.ts'

const LARGE = 5 * 2 ** 20

/** Uploads whose sending is decided by the test. */
function controlled() {
  const calls: {
    names: string[]
    signal: AbortSignal
    done: PromiseWithResolvers<readonly Sent[]>
    arrived: () => void
  }[] = []
  const takenBack: string[] = []
  const uploads = new Uploads({
    send(files, signal) {
      const done = Promise.withResolvers<readonly Sent[]>()
      calls.push({
        names: files.map(({ name }) => name),
        signal,
        done,
        arrived: () => done.resolve(files.map(({ name }) => became(name))),
      })
      return done.promise
    },
    takeBack: (ids) => void takenBack.push(...ids),
  })
  const call = (name: string) => calls.findLast(({ names }) => names.includes(name)) as (typeof calls)[number]
  return { uploads, calls, call, takenBack }
}
const became = (id: string, isNew = true): Sent => ({ id, isNew })
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

test('leaves out all that were refused at once, and nothing else', async () => {
  const { uploads, call } = controlled()
  uploads.add(small('a', 'b', 'c'))
  call('a').done.resolve([{ failure: refused }, { failure: refused }, became('c')])
  await soon()
  uploads.add(large('d'))
  uploads.dismissFailed()
  expect(phases(uploads)).toEqual(['d sending'])
})

test('says what is wrong with each that is not taken, and keeps none of the others back', async () => {
  const { uploads, calls, call } = controlled()
  uploads.add(small('a', 'b', 'c'))
  call('b').done.resolve([became('a'), { failure: refused }, became('c')])
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

test('cancelling one of a load leaves the others on their way, and takes it back when it arrives', async () => {
  const { uploads, call, takenBack } = controlled()
  uploads.add(small('a', 'b', 'c'))
  uploads.cancel(uploads.present[0]?.key as number)
  expect(call('a').signal.aborted).toBe(false)
  expect(phases(uploads)).toEqual(['b sending', 'c sending'])
  expect(takenBack).toEqual([])
  call('a').arrived()
  await soon()
  expect(takenBack).toEqual(['a'])
  expect(uploads.present).toEqual([])
})

test('a cancelled file takes nothing back that was there before, came of another too, or did not arrive', async () => {
  const { uploads, call, takenBack } = controlled()
  uploads.add(small('known', 'twin', 'other twin', 'refused'))
  for (const { key, name } of uploads.present) if (name !== 'other twin') uploads.cancel(key)
  call('known').done.resolve([became('1', false), became('2'), became('2', false), { failure: refused }])
  await soon()
  expect(takenBack).toEqual([])
  expect(uploads.present).toEqual([])
})

test('cancelling all takes back what is on its way, and sends no more', async () => {
  const { uploads, calls, takenBack } = controlled()
  uploads.add(small(...Array.from({ length: 250 }, (_, index) => `${index}`)))
  uploads.cancelAll()
  expect(uploads.present).toEqual([])
  for (const { arrived } of calls) arrived()
  await soon()
  expect(calls.map(({ names }) => names.length)).toEqual([100, 100])
  expect(takenBack).toHaveLength(200)
})

test('closing stops everything', async () => {
  const { uploads, calls } = controlled()
  uploads.add([...small('a'), ...large('b', 'c')])
  uploads.close()
  expect(uploads.present).toEqual([])
  expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true])
})
