import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { useCaptureList } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { Beginning } from './beginning.tsx'
import { Composer } from './composer.tsx'
import { ExchangeList } from './exchange-list.tsx'
import { exchangesOf } from './exchanges.ts'
import { useTalk } from './talk.tsx'
import { TalkHeader } from './talk-header.tsx'

const route = getRouteApi('/talk')

/** Talking with the agent: one session, from its beginning to what is being said now. */
export function TalkPlace() {
  const { session } = route.useSearch()
  const navigate = route.useNavigate()
  const { conversation } = useTalk()
  const turn = useStore(conversation, (store) => store.turn)

  // The first words of a new session begin it: the place follows, and the list on the screen stays the same one.
  const [begun, setBegun] = useState<string>()
  const names = useRef(new Map<string, string>())
  const isBeginning = session === undefined && turn !== null && turn.key === begun
  const beganAs = isBeginning ? turn.capture?.sessionId : undefined
  if (beganAs && turn) names.current.set(beganAs, turn.key)
  useEffect(() => {
    if (beganAs) void navigate({ search: { session: beganAs }, replace: true })
  }, [beganAs, navigate])
  useEffect(() => {
    if (session !== undefined) setBegun(undefined)
  }, [session])
  const onSent = useCallback(() => {
    if (session === undefined) setBegun(conversation.turn?.key)
  }, [conversation, session])
  const listName = session ? (names.current.get(session) ?? session) : isBeginning ? turn.key : 'new'

  return (
    <div className="flex h-full min-h-0 flex-col">
      <TalkHeader sessionId={session} />
      <Exchanges key={listName} sessionId={session ?? beganAs} />
      <Composer sessionId={session} onSent={onSent} />
      <AnswerForScreenReaders />
    </div>
  )
}

function Exchanges({ sessionId }: { sessionId: string | undefined }) {
  const { conversation } = useTalk()
  const turn = useStore(conversation, (store) => store.turn)
  const list = useCaptureList({ sessionId: sessionId ?? '' }, sessionId !== undefined)
  const keys = useRef(new Map<string, string>())
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const fetchOlder = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])

  const exchanges = exchangesOf(data ? list.items : undefined, turn, sessionId, keys.current)
  if (list.error) return <FailureNote failure={toFailure(list.error)} className="m-6 mb-auto" />
  if (exchanges.length === 0) {
    if (sessionId === undefined || data) return <Beginning />
    return (
      <div className="min-h-0 flex-1">
        <Waiting />
      </div>
    )
  }
  return <ExchangeList exchanges={exchanges} hasOlder={hasNextPage} fetchOlder={fetchOlder} />
}

/** Reads an answer to those who cannot see it, once it is whole: word by word would be noise. */
function AnswerForScreenReaders() {
  const { t } = useTranslation()
  const { conversation } = useTalk()
  const turn = useStore(conversation, (store) => store.turn)
  return (
    <p role="status" className="sr-only">
      {turn?.phase === 'done' || turn?.phase === 'adding'
        ? turn.answer
        : turn?.phase === 'stored'
          ? t('talk.step.stored')
          : ''}
    </p>
  )
}
