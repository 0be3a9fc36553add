import { Circle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useAppInfo, useChangeSettings, useSettings } from '../../backend/queries.ts'
import { useDesk } from '../../desk/desk.tsx'
import { canShowScreen } from '../../screen/take-still.ts'
import { useStudy, useTimelineState } from '../../timeline/study.tsx'
import { Button } from '../../ui/button.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part, Section } from '../section.tsx'
import { ExcludedField } from './excluded-field.tsx'
import { RetentionPart } from './retention-part.tsx'

/** The study timeline, what it leaves out, and how long things are kept. */
export function ScreenSection() {
  const { t } = useTranslation()
  const info = useAppInfo().data
  const settings = useSettings().data
  const change = useChangeSettings()
  const timeline = useTimelineState()
  const study = useStudy()
  const desk = useDesk()
  if (!settings || !info || !timeline) return <Waiting />
  return (
    <Section title={t('settings.screen.title')} about={t('settings.screen.about')}>
      <Part title={t('timelinePlace.title')}>
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.screen.timelineAbout')}</p>
        {timeline.state === 'off' ? (
          <Button look="primary" disabled={!canShowScreen()} onClick={() => void study.start()}>
            <Circle aria-hidden className="fill-current" />
            {t('timelinePlace.start')}
          </Button>
        ) : (
          <p className="font-medium text-ui">{t('settings.screen.isOn')}</p>
        )}
        <ExcludedField
          names={settings.timelineExcluded}
          onSave={(timelineExcluded) => change.mutate({ timelineExcluded })}
          help={
            info.host !== 'electron'
              ? t('settings.screen.excludedBrowser')
              : desk?.tellsWindows === false
                ? t('settings.screen.excludedUntold')
                : t('settings.screen.excludedHelp')
          }
        />
      </Part>
      <RetentionPart settings={settings} />
    </Section>
  )
}
