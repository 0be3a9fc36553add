import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lva-bench-'))
  file = join(folder, 'weigh.ts')
  const harness = join(import.meta.dirname, 'harness.ts')
  await writeFile(
    file,
    `import { bench, quantile } from ${JSON.stringify(harness)}
    await bench({
      name: 'weigh',
      about: 'Weighs.',
      data: 'weights',
      options: { unit: 'unit of the weight' },
      run: async ({ data, options }) => ({
        figures: { grams: quantile([3, 1, 2], 0.5), unit: options.unit ?? 'g', data },
        table: [{ what: 'stone', grams: 2 }, { what: 'pebble', grams: 12 }],
        targets: [{ figure: 'grams', atMost: 1 }],
      }),
    })`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

const run = (...args: string[]) => runFile(file, ...args)

const runFile = (path: string, ...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [path, ...args], (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
  })

it('prints one table and what became of the targets', async () => {
  const { code, out } = await run('--data', folder)
  expect(code).toBe(0)
  expect(out).toBe('what    grams\n------  -----\nstone       2\npebble     12\ngrams <= 1: MISSED (2)\n')
})

it('prints the figures alone as JSON, and fails for a missed target only when asked to', async () => {
  const { code, out } = await run('--data', folder, '--json', '--unit', 'kg')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ grams: 2, unit: 'kg', data: folder })
  expect((await run('--data', folder, '--json', '--check')).code).toBe(1)
})

it('refuses folders and options that are not there, and explains itself', async () => {
  expect(await run('--data', join(folder, 'gone'))).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/no folder/),
  })
  expect(await run('--colour', 'red')).toMatchObject({ code: 2, out: '' })
  expect((await run('--help')).out).toMatch(/Weighs\.[\s\S]*--unit VALUE[\s\S]*--json/)
})

it('hands a bench that needs no data the folder of its own option --data', async () => {
  const other = join(folder, 'read.ts')
  await writeFile(
    other,
    `import { bench } from ${JSON.stringify(join(import.meta.dirname, 'harness.ts'))}
    await bench({
      name: 'read',
      about: 'Reads.',
      options: { data: 'a folder that is read instead' },
      run: async ({ options }) => ({ figures: { read: options.data ?? 'made' }, table: [] }),
    })`,
  )
  const { code, out } = await runFile(other, '--data', folder, '--json')
  expect({ code, figures: JSON.parse(out) }).toEqual({ code: 0, figures: { read: folder } })
})
