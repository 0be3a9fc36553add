import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Waiting } from '../ui/waiting.tsx'
import { useFollowLink } from './use-links.ts'

const route = getRouteApi('/open')

/** `#/open?link=lva://…`: goes where the link leads; one that leads nowhere is said in Talk. */
export function OpenPlace() {
  const { link = '' } = route.useSearch()
  const navigate = useNavigate()
  const follow = useFollowLink()
  useEffect(() => {
    void navigate({ to: '/talk', search: {}, replace: true }).then(() => follow(link))
  }, [link, navigate, follow])
  return <Waiting />
}
