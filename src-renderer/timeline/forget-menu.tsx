import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown, Eraser } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'
import { useTellFailure } from '../library/history.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useToast } from '../ui/toasts.tsx'

const AT_ONCE = 5
const MORE = [15, 60, 1_440] as const

/** One click forgets what the timeline saw in the last minutes, for good and everywhere. */
export function ForgetMenu({ align = 'end' }: { align?: 'start' | 'end' }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const toast = useToast()
  const tellFailure = useTellFailure()
  const forget = useMutation({
    mutationFn: (minutes: number) => client.timeline.forget({ minutes }),
    onSuccess: ({ frames }) => {
      toast({
        text: t('timelinePlace.forgotten', { count: frames }),
        ...(frames > 0 && { detail: t('timelinePlace.earlierBackups') }),
      })
      void cache.invalidateQueries({ queryKey: keys.captures })
      void cache.invalidateQueries({ queryKey: keys.search })
      void cache.invalidateQueries({ queryKey: keys.timelineGaps })
    },
    onError: tellFailure,
  })
  return (
    <div className="flex items-center">
      <Button size="small" look="quiet" disabled={forget.isPending} onClick={() => forget.mutate(AT_ONCE)}>
        <Eraser aria-hidden />
        {t('timelinePlace.forgetLast', { minutes: AT_ONCE })}
      </Button>
      <Menu
        align={align}
        trigger={
          <IconButton size="small" label={t('timelinePlace.forgetMore')} disabled={forget.isPending}>
            <ChevronDown aria-hidden />
          </IconButton>
        }
      >
        {MORE.map((minutes) => (
          <MenuItem key={minutes} onSelect={() => forget.mutate(minutes)}>
            {t(`timelinePlace.last.${minutes}`)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  )
}
