import { describe, expect, test } from 'vitest'
import { fieldSource, verdict } from '../support.ts'

const REQUEST = fieldSource({
  'ip.src': '113.10.0.2',
  'cf.edge.server_ip': '2001:0000:130F:0000:0000:09C0:876A:130B',
  'tcp.dstport': 0,
  'http.request.headers': { 'x-categories': ['groceries,,diy,auto'] },
})
const PIECES = 'split(http.request.headers["x-categories"][0]'

describe('cidr and cidr6', () => {
  test.each([
    ['cidr(ip.src, 24, 24) eq 113.10.0.0', true],
    ['cidr(ip.src, 32, 1) eq 113.10.0.2', true],
    ['cidr(ip.src, 1, 1) eq 0.0.0.0', true],
    ['cidr(cf.edge.server_ip, 24, 24) eq 2001::', true],
    ['cidr6(cf.edge.server_ip, 40) eq 2001:0:1300::', true],
    ['cidr6(cf.edge.server_ip, 128) eq 2001:0:130f::9c0:876a:130b', true],
    ['cidr6(ip.src, 24) eq 113.10.0.2', true],
    ['cidr(ip.src, tcp.dstport, 24) ne 1.1.1.1', false],
    ['cidr(ip.dst, 24, 24) ne 1.1.1.1', false],
    ['cidr(ip.src, 0, 24) eq 1.1.1.1', 'invalid_arguments'],
    ['cidr(ip.src, 33, 24) eq 1.1.1.1', 'invalid_arguments'],
    ['cidr6(ip.src, 129) eq 1.1.1.1', 'invalid_arguments'],
    ['cidr(1.1.1.1, 24, 24) eq 1.1.1.1', 'invalid_arguments'],
  ])('%s: %s', (source, expected) => {
    expect(verdict(source, REQUEST)).toBe(expected)
  })
})

describe('split', () => {
  test.each([
    [`len(${PIECES}, ",", 64)) eq 4`, true],
    [`${PIECES}, ",", 64)[1] eq ""`, true],
    [`${PIECES}, ",", 3)[2] eq "diy,auto"`, true],
    [`${PIECES}, ",", 1)[0] eq "groceries,,diy,auto"`, true],
    [`any(${PIECES}, ",,", 128)[*] eq "diy,auto"`.concat(')'), true],
    [`join(${PIECES}, ",", 128), ",") eq "groceries,,diy,auto"`, true],
    [`len(split(http.cookie, ",", 3)) ge 0`, false],
    [`len(${PIECES}, "", 3)) eq 1`, 'invalid_arguments'],
    [`len(${PIECES}, ",", 0)) eq 1`, 'invalid_arguments'],
    [`len(${PIECES}, ",", 129)) eq 1`, 'invalid_arguments'],
    [`len(${PIECES}, ",")) eq 1`, 'invalid_arguments'],
    [`len(${PIECES}, http.host, 3)) eq 1`, 'invalid_arguments'],
  ])('%s: %s', (source, expected) => {
    expect(verdict(source, REQUEST)).toBe(expected)
  })
})
