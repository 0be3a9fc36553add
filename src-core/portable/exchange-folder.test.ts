import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { idMaker, ManualClock, seededRandom } from '../kernel/index.ts'
import { ExchangeFolder } from './exchange-folder.ts'

let folder: string
let exchange: ExchangeFolder
const bytes = (text: string) => new TextEncoder().encode(text)
const opened = () => ExchangeFolder.open(join(folder, 'incoming'), idMaker(new ManualClock(0), seededRandom(1)))
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lva-exchange-'))
  exchange = await opened()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('takes a file piece by piece, again from its beginning, and gives one file or the folder of several', async () => {
  const id = await exchange.begin()
  await exchange.add(id, 'a.txt', 0, bytes('wrong'))
  await exchange.add(id, 'a.txt', 0, bytes('one '))
  await exchange.add(id, 'a.txt', 4, bytes('two'))
  expect(readFileSync(await exchange.content(id), 'utf8')).toBe('one two')
  await exchange.add(id, 'V/Notes/b.md', 0, bytes(''))
  expect(readFileSync(join(await exchange.content(id), 'V/Notes/b.md'), 'utf8')).toBe('')
  await exchange.forget(id)
  await expect(exchange.content(id)).rejects.toMatchObject({ code: 'not-found' })
})

it.each(['../a', 'a/../../b', '/etc/passwd', 'C:\\a', 'a//b', 'a/./b', '', 'a\u0000b', 'x'.repeat(256)])(
  'refuses the name %j',
  async (path) => {
    const id = await exchange.begin()
    await expect(exchange.add(id, path, 0, bytes('x'))).rejects.toMatchObject({ code: 'bad-input' })
    expect(existsSync(join(folder, 'a'))).toBe(false)
  },
)

it('refuses a piece that does not follow, and ids that were not given out', async () => {
  const id = await exchange.begin()
  await exchange.add(id, 'a', 0, bytes('one'))
  await expect(exchange.add(id, 'a', 9, bytes('x'))).rejects.toMatchObject({ code: 'bad-input' })
  for (const other of ['..', '', '../incoming', '01234567-89ab-cdef-0123-456789abcdef']) {
    await expect(exchange.add(other, 'a', 0, bytes('x'))).rejects.toMatchObject({ code: 'not-found' })
  }
})

it('is read in pieces, and is empty when it is opened again', async () => {
  const id = await exchange.begin()
  const whole = Buffer.alloc(2 ** 20 + 5, 'x')
  await exchange.add(id, 'a', 0, whole)
  const first = await exchange.read(id, 0)
  const second = await exchange.read(id, first.length)
  expect([first.length, second.length, (await exchange.read(id, whole.length)).length]).toEqual([2 ** 20, 5, 0])
  await opened()
  await expect(exchange.read(id, 0)).rejects.toMatchObject({ code: 'not-found' })
})
