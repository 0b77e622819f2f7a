/** Generates well-typed expressions and requests for them, from a handful of fields and values that often meet. */
import * as fc from 'fast-check'

/** Values are few, so that comparisons are true now and then. */
const TEXT = fc.constantFrom('', 'a', 'b', 'A', '/api', '/api/v1', 'é', 'a.b', '"\\', '*', '$')
const INT = fc.constantFrom(-1, 0, 1, 8, 443, 2 ** 40)
const ADDRESS = fc.constantFrom('10.0.0.1', '10.255.0.9', '::1', '2001:db8::5')

const TEXT_FIELDS = ['http.host', 'http.request.uri.path', 'http.request.method', 'http.cookie']
const MAP = 'http.request.headers'
const NAMES = 'http.request.headers.names'

/** A request with some of the fields. */
export const REQUEST: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    'http.host': TEXT,
    'http.request.uri.path': TEXT,
    'http.request.method': TEXT,
    'http.cookie': TEXT,
    'tcp.dstport': INT,
    'ip.src': ADDRESS,
    ssl: fc.boolean(),
    [NAMES]: fc.array(TEXT, { maxLength: 3 }),
    [MAP]: fc.dictionary(fc.constantFrom('a', 'b', 'é'), fc.array(TEXT, { maxLength: 2 })),
  },
  { requiredKeys: [] },
)

const { expression } = fc.letrec<{ expression: string; many: string; text: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf(),
    textTest(tie('text')),
    combined(tie('expression')),
    fc
      .tuple(fc.constantFrom('not ', '!', 'not'), tie('expression'))
      .map(([not, item]) => `${not}(${item})`),
    fc
      .tuple(fc.constantFrom('any', 'all'), tie('many'))
      .map(([quantifier, item]) => `${quantifier}(${item})`),
  ),
  many: fc.oneof(
    { maxDepth: 2 },
    fc
      .tuple(
        fc.constantFrom(`${NAMES}[*]`, `lower(${NAMES}[*])[*]`, `${MAP}["a"][*]`, `${MAP}[*][*]`),
        condition(),
      )
      .map(join),
    fc
      .tuple(fc.constantFrom('starts_with', 'ends_with'), string())
      .map(([name, affix]) => `${name}(${NAMES}[*], ${affix})`),
    fc
      .tuple(tie('many'), fc.constantFrom('and', 'or', 'xor'), tie('many'))
      .map(([left, operator, right]) => `((${left}) ${operator} (${right}))`),
    tie('many').map((item) => `not (${item})`),
  ),
  text: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...TEXT_FIELDS, `${MAP}["a"][0]`, `${MAP}["b"][1]`, `${NAMES}[0]`),
    fc
      .tuple(fc.constantFrom('lower', 'upper', 'url_decode'), tie('text'))
      .map(([name, text]) => `${name}(${text})`),
    fc.tuple(tie('text'), string()).map(([text, affix]) => `concat(${text}, ${affix})`),
    tie('text').map((text) => `substring(${text}, 1, -1)`),
    fc.constantFrom('to_string(tcp.dstport)', 'to_string(ip.src)', 'to_string(ssl)'),
  ),
}))

/** The source of an expression that is one Bool. */
export const EXPRESSION: fc.Arbitrary<string> = expression

function leaf(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('ssl', 'not ssl', 'tcp.flags.push'),
    fc
      .tuple(fc.constantFrom('eq', 'ne', '<', '>=', '&', 'bitwise_and'), INT)
      .map(([operator, int]) => `tcp.dstport ${operator} ${int}`),
    fc
      .array(INT, { maxLength: 3 })
      .map((ints) => `tcp.dstport in {${ints.join(' ')} 0..5 0x10..0x1f 010}`),
    fc
      .tuple(fc.constantFrom('==', '!=', 'le', 'gt'), ADDRESS)
      .map(([operator, address]) => `ip.src ${operator} ${address}`),
    fc.constantFrom(
      'ip.src in {10.0.0.0/8 ::1 1.1.1.1..1.1.1.9}',
      'cidr(ip.src, 8, 32) eq 10.0.0.0',
      'ip.src in $office',
    ),
    fc.tuple(fc.constantFrom(...TEXT_FIELDS), condition()).map(join),
    string().map((prefix) => `starts_with(http.request.uri.path, ${prefix})`),
  )
}

function textTest(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.tuple(text, condition()).map(join),
    fc.tuple(text, INT).map(([value, int]) => `len(${value}) gt ${int}`),
  )
}

function combined(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(item, fc.constantFrom(' and ', ' or ', ' xor ', '&&', '||', '^^'), item, fc.boolean())
    .map(([left, operator, right, isNested]) =>
      isNested ? `(${left}${operator}${right})` : `${left}${operator}${right}`,
    )
}

function condition(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.tuple(fc.constantFrom('eq', 'ne', 'lt', 'ge', 'contains', '=='), literal()).map(join),
    fc.array(literal(), { maxLength: 3 }).map((items) => `in {${items.join(' ')}}`),
    fc.constantFrom(
      'matches "^/api/[a-z]+"',
      'matches r#"a|"b"#',
      'wildcard "*a*"',
      String.raw`strict wildcard r"/\*"`,
      'strict wildcard "/api*"',
    ),
  )
}

/** A byte string that begins with a digit is no argument of a call: there it would be read as an integer. */
function literal(): fc.Arbitrary<string> {
  return fc.oneof(string(), fc.constant('61:62'))
}

function string(): fc.Arbitrary<string> {
  return fc.oneof(
    TEXT.map((text) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`),
    TEXT.map((text) => `r#"${text}"#`),
    fc.constantFrom('ff:61', String.raw`"\xc3"`, String.raw`"\141"`),
  )
}

function join(parts: readonly string[]): string {
  return parts.join(' ')
}
