import { useTranslation } from 'react-i18next'
import { type DeskState, GLOBAL_KEYS, writeLink } from '../../src-core/contract/index.ts'
import { useDesk, useDeskLine } from '../desk/desk.tsx'
import type { DeskLine } from '../desk/desk-line.ts'
import { Switch } from '../ui/choice.tsx'
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
  return (
    <>
      <Part title={t('settings.desktop.keys')}>
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.desktop.keysAbout')}</p>
        {GLOBAL_KEYS.map((name) => (
          <GlobalKeyField key={name} name={name} line={line} keys={desk.keys} />
        ))}
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
