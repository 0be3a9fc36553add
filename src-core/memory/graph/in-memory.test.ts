import { graphSuite } from '../../../test/suites/graph-suite.ts'
import { InMemoryGraph } from './in-memory.ts'

graphSuite('in memory', async () => new InMemoryGraph())
