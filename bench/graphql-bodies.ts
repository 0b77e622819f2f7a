/**
 * Bodies as clients send them, 30 bytes to 25 KB, written for this bench after the shapes of real traffic: a shorthand, a
 * mutation, a minified list, a page of nested connections, the introspection query, a shop with fragments, a block string, a
 * dashboard, many aliases, and a back office with large variables, pretty-printed and minified.
 */

import { CONTENT, INTROSPECTION, LIST, MUTATION, PAGE, SHOP } from './graphql-documents.ts'

export type GraphqlBody = { readonly name: string; readonly text: string }

export function createGraphqlBodies(): readonly GraphqlBody[] {
  return [
    body('shorthand', '{ viewer { id } }'),
    body('mutation', MUTATION, { input: { id: 'Z2lkOi8vMTIz', body: 'Thanks!', notify: true } }),
    body('minified list', minified(LIST), { first: 20 }),
    body('nested page', PAGE, { owner: 'acme', name: 'shield', first: 50, after: null }),
    body('introspection', INTROSPECTION),
    body('shop with fragments', SHOP, { channel: 'default', slug: 'blue-shirt' }),
    body('block string', CONTENT, { locale: 'en' }),
    body('dashboard', dashboard(), { from: '2026-11-01', to: '2026-11-22', zone: 'a1b2c3' }),
    body('many aliases', aliases(180)),
    body('back office', backOffice(), largeVariables()),
    body('back office, minified', minified(backOffice()), largeVariables()),
  ]
}

function body(name: string, query: string, variables: object = {}): GraphqlBody {
  const operationName = /(?:query|mutation) (\w+)/.exec(query)?.[1]
  return { name, text: JSON.stringify({ operationName, variables, query }) }
}

function minified(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/ ?([{}():,]) ?/g, '$1')
}

function dashboard(): string {
  const panels = ['requests', 'errors', 'latency', 'bandwidth', 'threats', 'cache']
  return `query Dashboard($zone: String!, $from: Time!, $to: Time!) {
  viewer {
    zones(filter: {zoneTag: $zone}) {
${panels.map(panel).join('')}    }
  }
}
`
}

function panel(name: string): string {
  return `      ${name}: httpRequestsAdaptiveGroups(
        limit: 100
        filter: {zoneTag: $zone, datetime_geq: $from, datetime_lt: $to, edgeResponseStatus_geq: 200}
        orderBy: [datetimeHour_ASC]
      ) {
        count
        avg {
          sampleInterval
          originResponseDurationMs
        }
        sum {
          edgeResponseBytes
          visits
        }
        quantiles {
          edgeTimeToFirstByteMsP50
          edgeTimeToFirstByteMsP95
          edgeTimeToFirstByteMsP99
        }
        dimensions {
          datetimeHour
          clientCountryName
          edgeResponseStatus
        }
      }
`
}

function aliases(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, row) => `  item${row}: node(id: "${1000 + row}") { id title }\n`,
  )
  return `query Many {\n${lines.join('')}}\n`
}

function backOffice(): string {
  const sections = Array.from(
    { length: 24 },
    (_, row) => `  orders${row}: orders(
    first: $first
    filter: {status: [UNFULFILLED, PARTIALLY_FULFILLED], search: $search${row % 3}, created: {gte: "2026-01-01"}}
  ) {
    totalCount
    edges {
      node {
        ...OrderLine
        number
        created
        paymentStatus
        customer: user {
          id
          email
          firstName
          lastName
        }
        shippingAddress {
          city
          postalCode
          country {
            code
            country
          }
        }
        total {
          gross {
            amount
            currency
          }
        }
      }
    }
  }
`,
  )
  return `query BackOffice($first: Int!, $search0: String, $search1: String, $search2: String) {
${sections.join('')}}

fragment OrderLine on Order {
  id
  lines {
    id
    productName
    quantity
  }
}
`
}

function largeVariables(): object {
  const rows = Array.from({ length: 60 }, (_, row) => ({
    id: `T3JkZXI6${1000 + row}`,
    quantity: row,
    note: 'Leave it at the "front" door',
    tags: ['a', 'b'],
  }))
  return { first: 20, search0: 'shirt', search1: null, search2: '', rows }
}
