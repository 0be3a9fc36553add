import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BrainCircuit, Eraser, NotebookPen, SquareStack, Undo2 } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Client } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { keys } from '../backend/queries.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'

type Made = NonNullable<Answer['made']>[number]
/** `over`: it can no longer be taken back. */
type State = 'stands' | 'takenBack' | 'over'

/** What was forgotten can be brought back for so long. */
const FORGOTTEN_FOR_GOOD_MS = 10 * 60_000

const SIGNS = { note: NotebookPen, memory: BrainCircuit, card: SquareStack, forgotten: Eraser }

/** What was made, or forgotten, in a turn because the learner asked for it; each can be taken back. */
export function MadeThings({ made, at }: { made: readonly Made[]; at: string }) {
  const { t } = useTranslation()
  const title = useId()
  if (made.length === 0) return null
  return (
    <section
      aria-labelledby={title}
      className="mt-4 max-w-xl rounded-xl border border-line bg-surface px-4 pt-3 pb-1.5"
    >
      <h3 id={title} className="font-semibold text-ink-soft text-meta">
        {t(made.every(({ kind }) => kind === 'forgotten') ? 'talk.made.doneTitle' : 'talk.made.title')}
      </h3>
      <ul className="mt-1 divide-y divide-line">
        {made.map((one) => (
          <MadeThing key={one.id} made={one} at={at} />
        ))}
      </ul>
    </section>
  )
}

function MadeThing({ made, at }: { made: Made; at: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const key = keyOf(made)
  const state = useQuery({ queryKey: key, queryFn: () => stateOf(client, made, at) }).data
  const takeBack = useMutation({
    mutationFn: () => takenBack(client, made),
    onSuccess: (now) => cache.setQueryData(key, now),
  })
  const Sign = SIGNS[made.kind]
  return (
    <li className="py-1 text-ui">
      <div className="flex min-h-9 items-center gap-x-3">
        <Sign aria-hidden className="size-4 shrink-0 text-accent-strong" />
        <span className="min-w-0 flex-1 break-words" dir="auto">
          {t(`talk.made.${made.kind}`, { text: made.text })}
        </span>
        {state === 'stands' && (
          <Button
            size="small"
            look="quiet"
            className="-mr-2"
            disabled={takeBack.isPending}
            onClick={() => takeBack.mutate()}
          >
            <Undo2 />
            {t('talk.made.undo')}
          </Button>
        )}
        {/* There from the beginning, so that it is heard when it is filled. */}
        <span role="status" className="text-ink-quiet text-meta empty:hidden">
          {(state === 'takenBack' || state === 'over') && t(`talk.made.${state}`)}
        </span>
      </div>
      {takeBack.error && <FailureNote failure={toFailure(takeBack.error)} className="mt-1 mb-2" />}
    </li>
  )
}

/** Read again whenever something of its kind changes. */
function keyOf({ kind, id }: Made): string[] {
  if (kind === 'note') return [...keys.madeNotes, id]
  return [...(kind === 'card' ? keys.cards : keys.memories), 'made', kind, id]
}

async function stateOf(client: Client, { kind, id }: Made, at: string): Promise<State> {
  const isThere = await exists(client, kind, id)
  if (kind !== 'forgotten') return isThere ? 'stands' : 'takenBack'
  if (isThere) return 'takenBack'
  return Date.now() - Date.parse(at) < FORGOTTEN_FOR_GOOD_MS ? 'stands' : 'over'
}

async function exists(client: Client, kind: Made['kind'], id: string): Promise<boolean> {
  if (kind === 'memory' || kind === 'forgotten') return (await client.memories.getMany({ ids: [id] })).items.length > 0
  if (kind === 'card') return (await client.cards.getMany({ ids: [id] })).items.length > 0
  try {
    await client.notes.get({ id })
    return true
  } catch (error) {
    if (toFailure(error).code === 'not-found') return false
    throw error
  }
}

async function takenBack(client: Client, { kind, id }: Made): Promise<State> {
  if (kind === 'forgotten') return (await client.memories.bringBack({ id })).done ? 'takenBack' : 'over'
  if (kind === 'memory') await client.memories.forget({ ids: [id] })
  else if (kind === 'card') await client.cards.delete({ ids: [id] })
  else await client.notes.delete({ id })
  return 'takenBack'
}
