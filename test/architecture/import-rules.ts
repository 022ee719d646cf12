import type { ICruiseOptions, IForbiddenRuleType, IRegularForbiddenRuleType } from 'dependency-cruiser';

/** Who may import whom (docs/architecture.md). A rule says what is forbidden; `type` dependencies are what TypeScript erases. */

const LAYERS = '^(shared|workflows|activities|workers|api|temporal|stack)/';
const types = { dependencyTypesNot: ['type-only' as const] };

const forbid = (
  name: string,
  comment: string,
  from: IForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IForbiddenRuleType => ({ name, comment, severity: 'error', from, to });

export const forbidden: IForbiddenRuleType[] = [
  forbid(
    'no-circular',
    'Modules that import each other cannot be understood alone.',
    {},
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
  forbid(
    'domain-is-pure',
    'shared/domain imports only itself.',
    { path: '^shared/domain/' },
    { path: LAYERS, pathNot: '^shared/domain/' },
  ),
  forbid(
    'domain-has-no-packages',
    'shared/domain has no packages and no node: modules; zod alone, and only for the schemas of steps.',
    { path: '^shared/domain/', pathNot: '^shared/domain/journeys/steps/' },
    { dependencyTypes: ['npm', 'npm-dev', 'core'] },
  ),
  forbid(
    'steps-have-only-zod',
    'A step file holds its schema: zod, and nothing else from outside.',
    { path: '^shared/domain/journeys/steps/' },
    { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^node_modules/zod/' },
  ),
  forbid(
    'contracts-stand-on-domain',
    'shared/contracts imports itself and the domain.',
    { path: '^shared/contracts/' },
    { path: LAYERS, pathNot: '^shared/((contracts|domain)/|errors[.]ts$)' },
  ),
  forbid(
    'services-stand-on-db',
    'shared/services imports db, domain, contracts, and what stands beside them in shared.',
    { path: '^shared/services/' },
    { path: '^(workflows|activities|workers|api|temporal|stack)/' },
  ),
  forbid(
    'shared-stands-alone',
    'shared imports no process.',
    { path: '^shared/' },
    { path: '^(workflows|activities|workers|api|temporal|stack|test)/' },
  ),
  forbid(
    'workflows-are-deterministic',
    'Workflows import pure code: the domain, ids, queues and search attributes.',
    { path: '^workflows/' },
    {
      path: LAYERS,
      pathNot: ['^workflows/', '^shared/domain/', '^temporal/(ids|queues|search-attributes)[.]ts$'],
      ...types,
    },
  ),
  forbid(
    'workflows-take-types-only',
    'Types only from activities and contracts.',
    { path: '^workflows/' },
    { path: '^(activities|shared/contracts)/', ...types },
  ),
  forbid(
    'workflows-have-no-packages',
    'Nothing but the workflow SDK in the sandbox: no zod, no node: modules.',
    { path: '^workflows/' },
    {
      dependencyTypes: ['npm', 'npm-dev', 'core'],
      pathNot: '^node_modules/@temporalio/(workflow|common)/',
      ...types,
    },
  ),
  forbid(
    'activities-stand-on-shared',
    'Activities import shared, and start runs.',
    { path: '^activities/' },
    { path: '^(workflows|workers|api|stack)/' },
  ),
  forbid(
    'activities-start-runs',
    'Of temporal, activities use ids and start.',
    { path: '^activities/' },
    { path: '^temporal/', pathNot: '^temporal/(ids[.]ts|start/)' },
  ),
  forbid(
    'api-runs-no-activities',
    'The API starts and signals; it runs nothing itself.',
    { path: '^api/' },
    { path: '^(activities|workers|workflows|stack)/' },
  ),
  forbid(
    'workers-serve-no-http-api',
    'Workers import everything but the API.',
    { path: '^workers/' },
    { path: '^(api|stack)/' },
  ),
  forbid('tests-stay-out', 'No part of the product imports a test.', { path: LAYERS }, { path: '^test/' }),
  forbid(
    'clients-are-made-in-one-place',
    'Only workers/deps.ts and api/main.ts make clients of outside systems.',
    { path: '^(activities|api|workers|shared/services)/', pathNot: '^(workers/deps|api/main)[.]ts$' },
    { path: '^node_modules/(ioredis|telegraf|@sendgrid|chromadb|@aws-sdk)/', ...types },
  ),
];

export const options: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default'],
    extensions: ['.ts', '.js', '.mjs', '.json'],
  },
};
