import { describe, expect, it } from 'vitest'
import { environmentNames, loadConfig, maskConfig } from './config.ts'

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({}).language.provider).toBe('auto')
  })

  it('takes environment over file over default', () => {
    const file = { host: { port: 4000 }, log: { level: 'info' } }
    const config = loadConfig({ LVA_HOST_PORT: '5000' }, file)
    expect(config.host.port).toBe(5000)
    expect(config.log.level).toBe('info')
    expect(config.language.retry.attempts).toBe(3)
  })

  it('reads the familiar names of keys, which our own names win over', () => {
    expect(loadConfig({ ANTHROPIC_API_KEY: 'a' }).language.anthropic.apiKey).toBe('a')
    expect(loadConfig({ ANTHROPIC_API_KEY: 'a', LVA_LANGUAGE_ANTHROPIC_API_KEY: 'b' }).language.anthropic.apiKey).toBe(
      'b',
    )
  })

  it.each([
    [{ LVA_HOST_PROT: '1' }, undefined, 'LVA_HOST_PROT'],
    [{}, { hots: {} }, 'hots'],
    [{}, { host: { prot: 1 } }, 'prot'],
    [{ LVA_HOST_PORT: 'many' }, undefined, 'host.port'],
    [{}, { host: { port: 70_000 } }, 'host.port'],
    [{}, [], 'config.json'],
  ])('refuses %j with file %j, naming %s', (environment, file, named) => {
    expect(() => loadConfig(environment, file)).toThrow(named)
  })

  it('understands true and false in the environment', () => {
    expect(loadConfig({ LVA_HOST_OPEN: 'false' }).host.open).toBe(false)
    expect(loadConfig({ LVA_HOST_OPEN: '1' }).host.open).toBe(true)
  })

  it('does not change the file object', () => {
    const file = { host: { port: 1 } }
    loadConfig({ LVA_HOST_PORT: '2' }, file)
    expect(file).toEqual({ host: { port: 1 } })
  })
})

describe('environmentNames', () => {
  it('names every setting once', () => {
    const names = environmentNames()
    expect(names.get('LVA_DATA_DIR')).toEqual(['dataDir'])
    expect(names.get('LVA_LANGUAGE_ANTHROPIC_BASE_URL')).toEqual(['language', 'anthropic', 'baseUrl'])
  })
})

describe('maskConfig', () => {
  it('hides keys and the password of a database address', () => {
    const config = loadConfig({
      OPENAI_API_KEY: 'canary-key',
      LVA_STORE_DATABASE_URL: 'postgres://learner:canary-word@db/lva',
    })
    const shown = JSON.stringify(maskConfig(config))
    expect(shown).not.toContain('canary')
    expect(shown).toContain('postgres://learner:********@db/lva')
  })
})
