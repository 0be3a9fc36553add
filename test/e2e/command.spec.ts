import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { testEnvironment } from '../hosts/served-app.ts'
import { temporaryFolder } from './app.ts'

/** The command as a user of the checkout runs it after `npm ci && npm run build`. */
const ROOT = resolve(import.meta.dirname, '../..')

test('npx lva keeps a thought and finds it again by meaning', () => {
  const folder = temporaryFolder()
  const lva = (...words: string[]) => {
    const { status, stdout } = spawnSync('npx', ['lva', ...words], {
      cwd: ROOT,
      encoding: 'utf8',
      env: testEnvironment(join(folder.path, 'data')),
    })
    return { status, stdout }
  }
  expect(lva('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const added = lva('add', '--json', "I'm learning how attention works in transformers")
  const { id } = JSON.parse(added.stdout)
  const found = lva('search', '--json', 'neural nets focusing on parts of the input')
  expect(JSON.parse(found.stdout).hits[0].captureId).toBe(id)
  expect(lva('show', 'nothing').status).toBe(3)
  folder.remove()
})
