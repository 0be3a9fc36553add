import { afterEach, describe, expect, it, vi } from 'vitest'
import { tellStories } from './lanes.ts'

const entry = new URL('./dying-lane.ts', import.meta.url)

afterEach(() => vi.unstubAllEnvs())

describe('stories in several processes', () => {
  it.each([1, 2])(
    'are told to the end by %i, also where one dies: that is told, and its story has failed',
    async (lanes) => {
      const printed: string[] = []
      const told = await tellStories({ seeds: 10, from: 21_020, lanes, entry, print: (line) => printed.push(line) })
      expect(told).toEqual({ passed: 7, failed: 3 })
      expect(printed.toSorted()).toEqual([
        ...[23, 25, 27].map((seed) => `replay: npm run chaos -- --seeds 1 --from 210${seed}`),
        'seed 21023: its lane ended by SIGKILL',
        'seed 21025: its lane ended with code 3',
        'seed 21027: not together',
      ])
    },
  )

  it('have failed where no process comes as far as telling them', async () => {
    vi.stubEnv('DIES', 'at-once')
    const printed: string[] = []
    const told = await tellStories({ seeds: 4, from: 1, lanes: 1, entry, print: (line) => printed.push(line) })
    expect(told).toEqual({ passed: 0, failed: 4 })
    expect(printed).toEqual(['a lane ended with code 7 before its first story', 'seeds 1 to 4 were not told'])
  })
})
