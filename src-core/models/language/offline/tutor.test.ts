import { languageModelSuite } from '../../../../test/suites/language-model-suite.ts'
import { offlineTutor } from './tutor.ts'

languageModelSuite('offline tutor', {
  isRemote: false,
  make: ({ clock }) => offlineTutor({ clock, timeZone: 'UTC' }),
})
