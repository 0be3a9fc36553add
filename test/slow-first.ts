import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take minutes, most of them because they start and kill programs, the slowest first. Begun first, they leave no worker alone
 * with one of them at the end. The list is only for speed: a file that is missing here runs all the same.
 */
const SLOW = [
  'test/v1-crash.test.ts',
  'src-main/cli/cli.test.ts',
  'test/agent-faults.test.ts',
  'test/editing-traces.test.ts',
  'test/killed-processes.test.ts',
  'test/backup-crash.test.ts',
  'src-main/cli/take-home.test.ts',
  'src-main/cli/backup.test.ts',
  'src-core/backup/backups.test.ts',
  'test/blindness.test.ts',
  'test/vault-crash.test.ts',
]

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = SLOW.findIndex((file) => moduleId.endsWith(`/${file}`))
      return at < 0 ? SLOW.length : at
    }
    // Of equal rank, the order stays as it is by default.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
