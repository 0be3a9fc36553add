import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** One vault on every device (docs/protocol.md). */
export function syncProcedures({ sync: service, vault }: Services) {
  const { sync } = procedures
  return {
    sync: {
      status: sync.status.handler(() => service.status()),
      devices: sync.devices.handler(async () => ({ devices: await service.list() })),
      createAccount: sync.createAccount.handler(async ({ input }) => {
        await service.createAccount(input)
        await service.signIn(input)
      }),
      signIn: sync.signIn.handler(({ input }) => service.signIn(input)),
      signOut: sync.signOut.handler(() => service.signOut()),
      leave: sync.leave.handler(() => service.leave()),
      newPhrase: sync.newPhrase.handler(() => service.phrase.begin()),
      confirmPhrase: sync.confirmPhrase.handler(({ input }) => service.phrase.confirm(input.words)),
      begin: sync.begin.handler(({ input }) => service.begin(input.phrase)),
      joinByPhrase: sync.joinByPhrase.handler(({ input }) => service.joinByPhrase(input.phrase)),
      joinByCode: sync.joinByCode.handler(({ signal }) => service.joinByCode(signal)),
      admit: sync.admit.handler(({ input, signal }) => service.admit(input.code, signal)),
      answer: sync.answer.handler(({ input }) => ({ heard: service.answer(input.id, input.equal) })),
      rename: sync.rename.handler(({ input }) => service.rename(input.id, input.name)),
      revoke: sync.revoke.handler(({ input }) => service.revoke(input.id)),
      look: sync.look.handler(async ({ input }) => ({ places: await service.look(input.items) })),
      conflicts: sync.conflicts.handler(async () => ({ conflicts: await service.conflicts() })),
      settle: sync.settle.handler(({ input }) => vault.conflicts.settle(input.doc, input.id, input.choice)),
      pause: sync.pause.handler(() => service.pause()),
      resume: sync.resume.handler(() => service.resume()),
      now: sync.now.handler(({ signal }) => service.now(signal)),
    },
  }
}
