import { Channel } from '../../kernel/index.ts'
import type { BackupEntry, BackupProgress } from '../shapes.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Backups, and taking everything away. */
export function backupProcedures({ backups, erase }: Services) {
  const { backup } = procedures
  return {
    backup: {
      status: backup.status.handler(() => backups.status()),
      begin: backup.begin.handler(() => backups.phrase.begin()),
      confirm: backup.confirm.handler(({ input }) => backups.phrase.confirm(input.words)),
      unlock: backup.unlock.handler(({ input }) => backups.unlock(input.phrase)),
      configure: backup.configure.handler(({ input }) => backups.configure(input)),
      list: backup.list.handler(async ({ signal }) => ({ backups: await backups.list(signal) })),
      run: backup.run.handler(({ input, signal }) => told((tell) => backups.backUp(tell, signal, input.folder), done)),
      verify: backup.verify.handler(({ input, signal }) =>
        told(
          (tell) => backups.verify(input.place, input.name, tell, signal),
          (made) => done([made]),
        ),
      ),
      restore: backup.restore.handler(({ input, signal }) =>
        told(
          (tell) => backups.restore(input.place, input.name, tell, signal),
          (copy) => ({ type: 'done' as const, copy }),
        ),
      ),
      present: backup.present.handler(() => backups.present()),
      swapIn: backup.swapIn.handler(({ input }) => backups.swapIn(input.copy)),
      discard: backup.discard.handler(({ input }) => backups.discard(input.copy)),
      deleteEverything: backup.deleteEverything.handler(({ input }) => erase(input.backups)),
    },
  }
}

const done = (backups: BackupEntry[]) => ({ type: 'done' as const, backups })

/** Runs `work` and tells how far it is, then what came of it. It has ended when the stream has. */
async function* told<T, E>(
  work: (tell: (progress: BackupProgress) => void) => Promise<T>,
  ending: (result: T) => E,
): AsyncGenerator<E | { type: 'progress'; progress: BackupProgress }> {
  const channel = new Channel<BackupProgress>()
  let result: { value: T } | undefined
  // Thousands of chunks: the last word of each percent is enough.
  let said = ''
  const working = work((progress) => {
    const { phase, place, done: far, total } = progress
    const word = `${phase} ${place} ${total === 0 ? 0 : Math.floor((100 * far) / total)}`
    if (word !== said) channel.push(progress)
    said = word
  }).then(
    (value) => {
      result = { value }
      channel.end()
    },
    (error) => channel.fail(error),
  )
  try {
    for await (const progress of channel) yield { type: 'progress', progress }
    if (result) yield ending(result.value)
  } finally {
    await working
  }
}
