import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type DeskState, GLOBAL_KEYS, USUAL_KEYS, writeLink } from '../../src-core/contract/index.ts'
import { useDesk, useDeskLine } from '../desk/desk.tsx'
import type { DeskLine } from '../desk/desk-line.ts'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/choice.tsx'
import { Notice } from '../ui/notice.tsx'
import { GlobalKeyField } from './global-key-field.tsx'
import { Facts, Part, Section } from './section.tsx'

/** What the program's own window adds: keys everywhere, the background, links. */
export function DesktopSection() {
  const { t } = useTranslation()
  const line = useDeskLine()
  const desk = useDesk()
  return (
    <Section title={t('settings.desktop.title')} about={t('settings.desktop.about')}>
      {line && desk ? (
        <OwnWindow line={line} desk={desk} />
      ) : (
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.desktop.browser')}</p>
      )}
      <Part title={t('settings.desktop.links')}>
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.desktop.linksAbout')}</p>
        <Facts
          facts={[
            [t('settings.desktop.linkCapture'), <code key="capture">{writeLink({ kind: 'capture', id: 'ID' })}</code>],
            [t('settings.desktop.linkSearch'), <code key="search">{writeLink({ kind: 'search', q: 'osmosis' })}</code>],
            [t('settings.desktop.linkQuick'), <code key="quick">{writeLink({ kind: 'quick', text: 'osmosis' })}</code>],
          ]}
        />
      </Part>
    </Section>
  )
}

function OwnWindow({ line, desk }: { line: DeskLine; desk: DeskState }) {
  const { t } = useTranslation()
  const isUsual = GLOBAL_KEYS.every((name) => desk.keys[name].keys === USUAL_KEYS[name])
  return (
    <>
      <Part title={t('settings.desktop.keys')}>
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.desktop.keysAbout')}</p>
        {!desk.listsScreens && <Notice>{t('settings.desktop.wayland')}</Notice>}
        {GLOBAL_KEYS.map((name) => (
          <GlobalKeyField key={name} name={name} line={line} keys={desk.keys} />
        ))}
        <Button
          size="small"
          disabled={isUsual}
          onClick={() => line.change({ keys: { ...USUAL_KEYS } })}
          aria-describedby="usual-keys"
        >
          <RotateCcw aria-hidden />
          {t('settings.desktop.reset')}
        </Button>
        <p id="usual-keys" className="sr-only">
          {isUsual ? t('settings.desktop.areUsual') : ''}
        </p>
      </Part>
      <Part title={t('settings.desktop.background')}>
        <Switch
          label={t('settings.desktop.keepRunning')}
          help={desk.hasTray ? t('settings.desktop.keepRunningHelp') : t('settings.desktop.keepRunningNoTray')}
          checked={desk.background === 'on'}
          onChecked={(on) => line.change({ background: on ? 'on' : 'off' })}
        />
      </Part>
    </>
  )
}
