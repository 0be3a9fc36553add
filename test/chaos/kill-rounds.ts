import { parseArgs } from 'node:util'
import { killAtRandom } from '../killed-processes.ts'

/** `npm run kill-rounds -- --rounds N --seed S`: real processes, killed with -9 at random (docs/relay.md). */
const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } })
const rounds = Number(values.rounds ?? 20)
const seed = Number(values.seed ?? 1)

const { kills, acknowledged, problems } = await killAtRandom(seed, rounds, console.log)
for (const problem of problems) console.log(problem)
console.log(
  `seed ${seed}, ${rounds} rounds: the relay killed ${kills.relay} times, devices ${kills.devices}, ` +
    `${acknowledged} acknowledged, ${problems.length} problems`,
)
process.exitCode = problems.length === 0 ? 0 : 1
