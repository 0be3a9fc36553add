import { describe, expect, it } from 'vitest'
import type { SecretStore } from '../../src-main/secrets/secret-store.ts'

/** What every place for keys must do. `open` gives a store over the same place each time it is called in one test. */
export function secretStoreSuite(name: string, fresh: () => Promise<{ open: () => Promise<SecretStore> }>): void {
  describe(`${name} as a secret store`, () => {
    it('begins empty', async () => {
      const { open } = await fresh()
      expect(await (await open()).load()).toEqual({})
    })

    it('gives back what was saved, every character of it', async () => {
      const store = await (await fresh()).open()
      const secrets = { openai: 'sk-ключ\n"\u0000', anthropic: 'x'.repeat(1_000) }
      await store.save(secrets)
      expect(await store.load()).toEqual(secrets)
    })

    it('replaces all that was saved before', async () => {
      const store = await (await fresh()).open()
      await store.save({ a: '1', b: '2' })
      await store.save({ b: '3' })
      expect(await store.load()).toEqual({ b: '3' })
    })

    it('keeps its own copy', async () => {
      const store = await (await fresh()).open()
      const secrets = { a: '1' }
      await store.save(secrets)
      secrets.a = '2'
      expect(await store.load()).toEqual({ a: '1' })
    })
  })
}
