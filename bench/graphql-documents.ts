/** Documents of fixed text for the GraphQL bench. */

export const MUTATION = `mutation AddComment($input: AddCommentInput!) {
  addComment(input: $input) {
    comment {
      id
      createdAt
    }
    errors {
      field
      message
    }
  }
}
`

export const LIST = `query Products($first: Int!) {
  products(first: $first, sort: { field: NAME, direction: ASC }) {
    edges { node { id name slug price { amount currency } thumbnail(size: 256) { url alt } } }
    pageInfo { hasNextPage endCursor }
  }
}`

export const PAGE = `query Repository($owner: String!, $name: String!, $first: Int = 20, $after: String) {
  repository(owner: $owner, name: $name) {
    id
    description
    stargazerCount
    primaryLanguage {
      name
      color
    }
    issues(first: $first, after: $after, states: [OPEN], orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        number
        title
        author {
          login
          avatarUrl(size: 48)
          ... on User {
            name
          }
        }
        labels(first: 10) {
          nodes {
            name
            color
          }
        }
        comments(last: 1) {
          totalCount
          nodes {
            createdAt
            author {
              login
            }
          }
        }
      }
    }
  }
  rateLimit {
    remaining
    resetAt
  }
}
`

export const INTROSPECTION = `query IntrospectionQuery {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types {
      ...FullType
    }
    directives {
      name
      description
      locations
      args {
        ...InputValue
      }
    }
  }
}

fragment FullType on __Type {
  kind
  name
  description
  fields(includeDeprecated: true) {
    name
    description
    args {
      ...InputValue
    }
    type {
      ...TypeRef
    }
    isDeprecated
    deprecationReason
  }
  inputFields {
    ...InputValue
  }
  interfaces {
    ...TypeRef
  }
  enumValues(includeDeprecated: true) {
    name
    description
    isDeprecated
    deprecationReason
  }
  possibleTypes {
    ...TypeRef
  }
}

fragment InputValue on __InputValue {
  name
  description
  type { ...TypeRef }
  defaultValue
}

fragment TypeRef on __Type {
  kind
  name
  ofType {
    kind
    name
    ofType {
      kind
      name
      ofType {
        kind
        name
      }
    }
  }
}
`

export const SHOP = `query ProductDetails($slug: String!, $channel: String!) {
  product(slug: $slug, channel: $channel) {
    ...ProductDetails
    variants {
      ...VariantDetails
    }
  }
  related: products(first: 8, channel: $channel, filter: {isAvailable: true}) {
    edges {
      node {
        ...ProductCard
      }
    }
  }
}

fragment ProductDetails on Product {
  id
  name
  description
  seoTitle
  seoDescription
  category {
    id
    name
    slug
  }
  attributes {
    attribute {
      name
    }
    values {
      name
    }
  }
  media @include(if: true) {
    ...Image
  }
}

fragment VariantDetails on ProductVariant {
  id
  sku
  quantityAvailable
  pricing {
    ...Price
  }
}

fragment ProductCard on Product {
  id
  name
  slug
  thumbnail {
    ...Image
  }
  pricing {
    priceRange {
      start {
        ...Price
      }
    }
  }
}

fragment Price on TaxedMoney {
  gross {
    amount
    currency
  }
}

fragment Image on ProductMedia {
  url
  alt
}
`

export const CONTENT = `mutation SaveArticle($locale: String!) {
  # The editor sends the whole text each time.
  saveArticle(id: "8f14e45f", locale: $locale, title: "How we measure \\"depth\\"", body: """
${'    A paragraph of text with "quotes", { braces } and # signs, as people write them.\n'.repeat(18)}  """) {
    article {
      id
      revision
      html
    }
  }
}
`
