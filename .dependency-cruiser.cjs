/**
 * The walls of the house (docs/architecture.md). A folder of src-core imports only from the floors below it, and from another folder
 * only through its `index.ts`.
 */
const FLOORS = [
  ['contract'],
  ['learning', 'insights'],
  ['agents'],
  ['portable'],
  ['capture'],
  ['memory'],
  ['models'],
  ['sync', 'legacy', 'backup'],
  ['vault'],
  ['store'],
  ['keys', 'net'],
  ['kernel'],
]

const names = (floors) => floors.flat().join('|')

const floorRules = FLOORS.map((floor, depth) => {
  const above = FLOORS.slice(0, depth)
  const beside = floor.length > 1 ? [floor] : []
  return { floor, forbidden: names([...above, ...beside]) }
})
  .filter(({ forbidden }) => forbidden !== '')
  .flatMap(({ floor, forbidden }) =>
    floor.map((name) => ({
      name: `${name}-looks-down-only`,
      severity: 'error',
      from: { path: `^src-core/${name}/` },
      to: { path: `^src-core/(${forbidden})/`, pathNot: `^src-core/${name}/` },
    })),
  )

module.exports = {
  forbidden: [
    ...floorRules,
    {
      name: 'core-knows-no-host',
      comment: 'src-core is the same in a window, a browser host, a server and a test.',
      severity: 'error',
      from: { path: '^src-core/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src-main|src-renderer|cloud|test|bench|scripts)/|node_modules/(electron|react|react-dom|express|fastify)/',
      },
    },
    {
      name: 'renderer-knows-the-contract-alone',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^(src-core|src-main|cloud|test|bench|scripts)/', pathNot: '^src-core/contract/index\\.ts$' },
    },
    {
      name: 'hosts-know-no-screens',
      severity: 'error',
      from: { path: '^(src-main|cloud)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src-renderer|test|bench)/' },
    },
    {
      name: 'folders-have-one-door',
      comment: 'Import a folder through its index.ts; contract/server is the door for those who serve the contract.',
      severity: 'error',
      from: { path: '^src-core/([^/]+)/' },
      to: { path: '^src-core/([^/]+)/', pathNot: ['^src-core/$1/', '^src-core/[^/]+/index\\.ts$'] },
    },
    {
      name: 'folders-have-one-door-from-outside',
      severity: 'error',
      from: { path: '^(src-main|src-renderer|cloud)/' },
      to: { path: '^src-core/', pathNot: ['^src-core/[^/]+/index\\.ts$', '^src-core/contract/server/index\\.ts$'] },
    },
    {
      name: 'browser-side-of-the-contract-stays-out-of-node',
      severity: 'error',
      from: { path: '^src-core/contract/[^/]+\\.ts$', pathNot: '\\.test\\.ts$' },
      to: { path: '^src-core/contract/server/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(electron|virtual:)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|node_modules)/' },
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
