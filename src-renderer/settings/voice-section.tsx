import { Play, Square } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OPENAI_VOICES } from '../../src-core/contract/index.ts'
import { useChangeSettings, useProviders, useSettings } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { useFormats } from '../i18n/format.ts'
import { nameOfLanguage } from '../i18n/language-names.ts'
import { useTalk } from '../talk/talk.tsx'
import { Button } from '../ui/button.tsx'
import { Slider, Switch } from '../ui/choice.tsx'
import { SelectField } from '../ui/field.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { listLocalVoices } from '../voice/system-voices.ts'
import { OPENAI_PREFIX, PACKAGED_VOICE } from '../voice/voices.ts'
import { MicrophoneTest } from './microphone-test.tsx'
import { Recognisers } from './recognisers.tsx'
import { Part, Section } from './section.tsx'

/** Names the trial among what is being spoken. */
const TRIAL = 'settings-trial'

export function VoiceSection() {
  const { t, i18n } = useTranslation()
  const { number } = useFormats()
  const { speaker } = useTalk()
  const settings = useSettings().data
  const change = useChangeSettings()
  const speaking = useStore(speaker, (store) => store.speaking?.captureId === TRIAL)
  const voices = useLocalVoices()
  const isOpenAI = useProviders().data?.some(({ provider, keySource }) => provider === 'openai' && keySource !== 'none')
  const [rate, setRate] = useState<number>()
  const [pause, setPause] = useState<number>()
  useEffect(() => () => speaker.stop(), [speaker])
  if (!settings || !voices) return <Waiting />
  const languages = [...new Set(voices.map(({ lang }) => lang.slice(0, 2).toLowerCase()))].sort()
  return (
    <Section title={t('settings.voice.title')} about={t('settings.voice.about')}>
      <Part title={t('settings.voice.answers')}>
        <Switch
          label={t('settings.voice.speak')}
          help={t('settings.voice.speakHelp')}
          checked={settings.speakAnswers}
          onChecked={(speakAnswers) => change.mutate({ speakAnswers })}
        />
        <SelectField
          label={t('settings.voice.voice')}
          value={settings.voice}
          onValue={(voice) => change.mutate({ voice })}
          options={[
            {
              value: '',
              label: voices.length > 0 ? t('settings.voice.systemVoice') : t('settings.voice.noSystemVoice'),
            },
            ...voices.map(({ name, lang }) => ({ value: name, label: `${name} (${lang})` })),
            { value: PACKAGED_VOICE, label: t('settings.voice.packaged') },
            ...(isOpenAI || settings.voice.startsWith(OPENAI_PREFIX)
              ? OPENAI_VOICES.map((name) => ({ value: OPENAI_PREFIX + name, label: `OpenAI: ${name}` }))
              : []),
          ]}
          help={settings.voice.startsWith(OPENAI_PREFIX) ? t('settings.voice.openaiHelp') : undefined}
        />
        {settings.voice === '' && languages.length > 1 && (
          <SelectField
            label={t('settings.voice.language')}
            value={settings.voiceLanguage}
            onValue={(voiceLanguage) => change.mutate({ voiceLanguage })}
            options={[
              { value: '', label: t('settings.voice.screenLanguage') },
              ...languages.map((code) => ({ value: code, label: nameOfLanguage(code, i18n.language) })),
            ]}
          />
        )}
        <Slider
          label={t('settings.voice.rate')}
          value={rate ?? settings.voiceRate}
          min={0.5}
          max={2}
          step={0.1}
          show={(value) => `${number(value)}×`}
          onValue={setRate}
          onCommit={(voiceRate) => {
            setRate(undefined)
            change.mutate({ voiceRate })
          }}
        />
        <Button onClick={() => (speaking ? speaker.stop() : speaker.speak(TRIAL, t('settings.voice.trial')))}>
          {speaking ? <Square /> : <Play />}
          {speaking ? t('talk.silence') : t('settings.voice.try')}
        </Button>
      </Part>
      <Recognisers />
      <Part title={t('settings.voice.you')}>
        <MicrophoneTest />
        <Slider
          label={t('settings.voice.pause')}
          help={t('settings.voice.pauseHelp')}
          value={pause ?? settings.turnPause}
          min={0.3}
          max={3}
          step={0.1}
          show={(value) => `${number(value)} s`}
          onValue={setPause}
          onCommit={(turnPause) => {
            setPause(undefined)
            change.mutate({ turnPause })
          }}
        />
        <Switch
          label={t('settings.voice.keep')}
          help={t('settings.voice.keepHelp')}
          checked={settings.keepRecordings}
          onChecked={(keepRecordings) => change.mutate({ keepRecordings })}
        />
      </Part>
    </Section>
  )
}

function useLocalVoices(): SpeechSynthesisVoice[] | undefined {
  const [voices, setVoices] = useState<SpeechSynthesisVoice[]>()
  useEffect(() => {
    let here = true
    void listLocalVoices().then((listed) => here && setVoices(listed))
    return () => {
      here = false
    }
  }, [])
  return voices
}
