import { createLog, isLvaError, systemClock, systemRandom } from '../../src-core/kernel/index.ts'
import { relayConfig } from './config.ts'
import { startRelay } from './relay.ts'

/** `npm run relay`: the relay as a process. Ends on SIGTERM and SIGINT, after what is under way. */
try {
  const config = relayConfig(process.env)
  const log = createLog(config.LOG_LEVEL, 'relay')
  const relay = await startRelay({ config, clock: systemClock, random: systemRandom, log })
  process.stdout.write(`The relay listens on ${relay.address}\n`)
  let isEnding = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isEnding) return
      isEnding = true
      relay.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ error }, 'the relay did not end as it should')
          process.exit(1)
        },
      )
    })
  }
} catch (error) {
  process.stderr.write(isLvaError(error) ? `${error.message} ${error.advice}\n` : `${error}\n`)
  process.exitCode = 1
}
