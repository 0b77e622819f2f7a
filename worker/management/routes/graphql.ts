/** GraphQL: Cloudflare has custom rules alone, and no REST for the rest. */
import {
  createPersistedQuery,
  deletePersistedQuery,
  getPersistedQuery,
  listPersistedQueries,
} from '../portcullis/graphql/persisted-queries.ts'
import { listRecommendations } from '../portcullis/graphql/recommendations.ts'
import { listResponseTimes } from '../portcullis/graphql/response-times.ts'
import {
  deleteGraphqlSchema,
  getGraphqlSchema,
  updateGraphqlSchema,
} from '../portcullis/graphql/schema.ts'
import {
  editGraphqlSettings,
  getGraphqlSettings,
  updateGraphqlSettings,
} from '../portcullis/graphql/settings.ts'
import { Z, type Route } from '../route.ts'

const GRAPHQL = `${Z}/portcullis/graphql`

export const GRAPHQL_ROUTES: readonly Route[] = [
  {
    path: `${GRAPHQL}/settings`,
    methods: { GET: getGraphqlSettings, PUT: updateGraphqlSettings, PATCH: editGraphqlSettings },
  },
  {
    path: `${GRAPHQL}/persisted_queries`,
    methods: { GET: listPersistedQueries, POST: createPersistedQuery },
  },
  {
    path: `${GRAPHQL}/persisted_queries/:sha256`,
    methods: { GET: getPersistedQuery, DELETE: deletePersistedQuery },
  },
  {
    path: `${GRAPHQL}/schema`,
    methods: { GET: getGraphqlSchema, PUT: updateGraphqlSchema, DELETE: deleteGraphqlSchema },
  },
  { path: `${GRAPHQL}/recommendations`, methods: { GET: listRecommendations } },
  { path: `${GRAPHQL}/response_times`, methods: { GET: listResponseTimes } },
]
