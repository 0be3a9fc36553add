import { languageModelSuite } from '../../../test/suites/language-model-suite.ts'
import { openaiModel } from './openai.ts'

languageModelSuite('OpenAI', {
  isRemote: true,
  hasKey: true,
  route: '/v1/responses',
  make: ({ url, ...options }) => openaiModel({ ...options, baseUrl: `${url}/v1` }),
})
