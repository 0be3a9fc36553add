import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Autosave } from './autosave.ts'

interface Fields {
  title: string
  body: string
}

describe('Autosave', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function setUp(save: (patch: Partial<Fields>) => Promise<unknown> = async () => undefined) {
    const saved: Partial<Fields>[] = []
    const autosave = new Autosave<Fields>(async (patch) => {
      saved.push(patch)
      await save(patch)
    })
    return { autosave, saved }
  }

  test('saves once, after a pause in typing', async () => {
    const { autosave, saved } = setUp()
    for (const body of ['a', 'at', 'att']) {
      autosave.change({ body })
      await vi.advanceTimersByTimeAsync(300)
    }
    expect(saved).toEqual([])
    expect(autosave.state.kind).toBe('waiting')
    await vi.advanceTimersByTimeAsync(600)
    expect(saved).toEqual([{ body: 'att' }])
    expect(autosave.state.kind).toBe('saved')
  })

  test('leaving saves at once, with every field that changed', async () => {
    const { autosave, saved } = setUp()
    autosave.change({ title: 'T' })
    autosave.change({ body: 'b' })
    await autosave.flush()
    expect(saved).toEqual([{ title: 'T', body: 'b' }])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(saved).toHaveLength(1)
  })

  test('what is typed during a save follows it, never overtakes it', async () => {
    let release: () => void = () => undefined
    const { autosave, saved } = setUp(() => new Promise<void>((resolve) => (release = resolve)))
    autosave.change({ body: 'one' })
    await vi.advanceTimersByTimeAsync(600)
    autosave.change({ body: 'two' })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(saved).toEqual([{ body: 'one' }])
    release()
    await vi.advanceTimersByTimeAsync(0)
    expect(saved).toEqual([{ body: 'one' }, { body: 'two' }])
  })

  test('a failed save loses nothing', async () => {
    let works = false
    const { autosave, saved } = setUp(() => (works ? Promise.resolve() : Promise.reject(new Error('no'))))
    autosave.change({ title: 'T', body: 'b' })
    await autosave.flush()
    expect(autosave.state).toMatchObject({ kind: 'failed', failure: { code: 'internal' } })
    works = true
    autosave.change({ body: 'c' })
    await autosave.flush()
    expect(saved.at(-1)).toEqual({ title: 'T', body: 'c' })
    expect(autosave.unsaved).toBe(false)
  })
})
