import { useTranslation } from 'react-i18next'
import { SHORTCUTS, TALK_KEY } from '../shell/shortcuts.ts'
import { Keys } from '../ui/keys.tsx'
import { Facts, Part, Section } from './section.tsx'

export function KeyboardSection() {
  const { t } = useTranslation()
  const keys = (names: readonly string[]) => <Keys keys={names} />
  return (
    <Section title={t('settings.keyboard.title')} about={t('settings.keyboard.about')}>
      <Part title={t('settings.keyboard.talking')}>
        <Facts
          facts={[
            [t('settings.keyboard.hold'), keys([t('key.space')])],
            [t('settings.keyboard.holdAnywhere'), keys([TALK_KEY])],
            [t('settings.keyboard.send'), keys([t('key.enter')])],
            [t('settings.keyboard.newLine'), keys([t('key.shift'), t('key.enter')])],
            [t('settings.keyboard.stop'), keys([t('key.escape')])],
            [t('screen.show'), keys(SHORTCUTS.showScreen.keys)],
          ]}
        />
      </Part>
      <Part title={t('settings.keyboard.moving')}>
        <Facts
          facts={[
            [t('palette.open'), keys(SHORTCUTS.palette.keys)],
            [t('quick.open'), keys(SHORTCUTS.quick.keys)],
            [t('talk.startNew'), keys(SHORTCUTS.newSession.keys)],
            [t('place.talk'), keys(SHORTCUTS.talk.keys)],
            [t('place.library'), keys(SHORTCUTS.library.keys)],
            [t('place.search'), keys(SHORTCUTS.search.keys)],
            [t('place.settings'), keys(SHORTCUTS.settings.keys)],
            [t('settings.keyboard.thisList'), keys(SHORTCUTS.shortcuts.keys)],
          ]}
        />
      </Part>
      <Part title={t('settings.keyboard.lists')}>
        <Facts
          facts={[
            [t('settings.keyboard.walk'), keys(['↑', '↓'])],
            [t('settings.keyboard.choose'), keys([t('key.space')])],
            [t('settings.keyboard.chooseRange'), keys([t('key.shift'), '↑', '↓'])],
            [t('common.delete'), keys([t('key.delete')])],
            [t('palette.undo'), keys(SHORTCUTS.undo.keys)],
            [t('settings.keyboard.redo'), keys(SHORTCUTS.redo.keys)],
          ]}
        />
      </Part>
    </Section>
  )
}
