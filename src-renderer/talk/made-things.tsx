import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Answer, Client } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'

type Made = NonNullable<Answer['made']>[number]

/** What was made in a turn because the learner asked for it; each can be taken back. */
export function MadeThings({ made }: { made: readonly Made[] }) {
  const { t } = useTranslation()
  if (made.length === 0) return null
  return (
    <ul aria-label={t('talk.made.title')} className="mt-4 space-y-1">
      {made.map((one) => (
        <MadeThing key={one.id} made={one} />
      ))}
    </ul>
  )
}

function MadeThing({ made }: { made: Made }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const key = ['made', made.kind, made.id]
  const isThere = useQuery({ queryKey: key, queryFn: () => exists(client, made) }).data
  const takeBack = useMutation({
    mutationFn: () => remove(client, made),
    onSuccess: () => {
      cache.setQueryData(key, false)
      void cache.invalidateQueries()
    },
  })
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-meta">
      <Check aria-hidden className="size-3.5 shrink-0 text-accent" />
      <span className="min-w-0 break-words" dir="auto">
        {t(`talk.made.${made.kind}`, { text: made.text })}
      </span>
      {isThere === false ? (
        <span role="status" className="text-ink-quiet">
          {t('talk.made.takenBack')}
        </span>
      ) : (
        <Button size="small" look="quiet" disabled={takeBack.isPending} onClick={() => takeBack.mutate()}>
          <Undo2 />
          {t('talk.made.undo')}
        </Button>
      )}
    </li>
  )
}

async function exists(client: Client, { kind, id }: Made): Promise<boolean> {
  if (kind === 'memory') return (await client.memories.getMany({ ids: [id] })).items.length > 0
  // A card tells no one whether it is there; taking it back twice does no harm.
  if (kind === 'card') return true
  try {
    await client.notes.get({ id })
    return true
  } catch (error) {
    if (toFailure(error).code === 'not-found') return false
    throw error
  }
}

function remove(client: Client, { kind, id }: Made): Promise<unknown> {
  if (kind === 'memory') return client.memories.forget({ ids: [id] })
  return kind === 'card' ? client.cards.delete({ ids: [id] }) : client.notes.delete({ id })
}
