import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField } from '../ui/field.tsx'
import {
  areHidden,
  chooseInput,
  chosenInput,
  type Input,
  inputAmong,
  listInputs,
  onInputsChanged,
} from '../voice/inputs.ts'

const INPUTS = ['inputs']

/** Which microphone hears, on this device. One that is chosen and not there now stays chosen; until it is back, the system's own hears. */
export function MicrophoneChoice({ isListening }: { isListening: boolean }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const inputs = useQuery({ queryKey: INPUTS, queryFn: listInputs })
  const [chosen, setChosen] = useState(chosenInput)
  useEffect(() => onInputsChanged(() => void cache.invalidateQueries({ queryKey: INPUTS })), [cache])
  // With the permission that the test asks for come the names.
  useEffect(() => {
    if (isListening) void cache.invalidateQueries({ queryKey: INPUTS })
  }, [cache, isListening])
  const there = (inputs.data ?? []).filter(({ name }) => name !== '')
  const found = chosen && inputAmong(inputs.data ?? [], chosen)
  const isAway = chosen !== null && !found && !areHidden(inputs.data ?? [])
  if (there.length === 0 && !chosen) return null
  const choose = (input: Input | null) => {
    chooseInput(input)
    setChosen(input)
  }
  return (
    <SelectField
      label={t('settings.voice.microphone')}
      value={found?.id ?? chosen?.id ?? ''}
      onValue={(value) => choose(there.find(({ id }) => id === value) ?? null)}
      options={[
        { value: '', label: t('settings.voice.systemMicrophone') },
        ...there.map(({ id, name }) => ({ value: id, label: name })),
        ...(chosen && !found
          ? [
              {
                value: chosen.id,
                label: isAway ? t('settings.voice.awayMicrophone', { name: chosen.name }) : chosen.name,
              },
            ]
          : []),
      ]}
      help={t(isAway ? 'settings.voice.awayMicrophoneHelp' : 'settings.voice.microphoneHelp')}
    />
  )
}
