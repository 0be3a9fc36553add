import { languageModelSuite } from '../../../test/suites/language-model-suite.ts'
import { anthropicModel } from './anthropic.ts'

languageModelSuite('Anthropic', {
  isRemote: true,
  hasKey: true,
  route: '/v1/messages',
  make: ({ url, ...options }) => anthropicModel({ ...options, baseUrl: url }),
})
