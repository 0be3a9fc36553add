import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { type AppEvent, type AppLink, readLink } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'
import { useOpenQuick } from '../quick/quick-window.ts'
import { useDeskLine } from './desk.tsx'

/** Shows what a link names (docs/desktop.md §2), or says that it leads nowhere. It changes nothing but the place on the screen. */
export function useFollowLink(): (link: string) => Promise<void> {
  const navigate = useNavigate()
  const client = useClient()
  const tellFailure = useTellFailure()
  const openQuick = useOpenQuick()
  return useCallback(
    async (text) => {
      try {
        const link: AppLink = readLink(text)
        if (link.kind === 'search') await navigate({ to: '/search', search: { q: link.q } })
        else if (link.kind === 'quick') openQuick(link.text)
        else if (link.kind === 'session') {
          // A session that is not there would begin with the next words.
          await client.sessions.get({ id: link.id })
          await navigate({ to: '/talk', search: { session: link.id } })
        } else {
          const tab = `${link.kind}s` as const
          await navigate({ to: '/library', search: { tab, [link.kind]: link.id } })
        }
      } catch (error) {
        tellFailure(error)
      }
    },
    [navigate, client, tellFailure, openQuick],
  )
}

/** Follows links that the desktop hands over. */
export function useLinksFromOutside(): void {
  const line = useDeskLine()
  const follow = useFollowLink()
  useEffect(() => line?.on('link', (link) => void follow(link)), [line, follow])
}

/** Follows links that the command line hands over; in the desktop, with the window in front. */
export function useLinkEvents(): (event: AppEvent) => void {
  const line = useDeskLine()
  const follow = useFollowLink()
  return useCallback(
    (event) => {
      if (event.type !== 'link') return
      line?.show()
      void follow(event.link)
    },
    [line, follow],
  )
}
