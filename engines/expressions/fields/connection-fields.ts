/** Fields of the connection: addresses and where they are, TCP, TLS and the client certificate. */
import { BOOL, BYTES, INT, IP } from '../types.ts'
import { BYTES_LIST, fieldsOf } from './row.ts'

/** Ours: what policies ask of a verified client certificate and Cloudflare's fields do not say. */
const VERIFIED_CERTIFICATE_FIELDS = [
  ...fieldsOf(BYTES, [
    'cf.portcullis.client_certificate.authority_id',
    'cf.portcullis.client_certificate.common_name',
    'cf.portcullis.client_certificate.issuer_spki_sha256',
    'cf.portcullis.client_certificate.organization',
    'cf.portcullis.client_certificate.spki_sha256',
  ]),
  ...fieldsOf(BYTES_LIST, [
    'cf.portcullis.client_certificate.san_dns',
    'cf.portcullis.client_certificate.san_email',
    'cf.portcullis.client_certificate.san_uri',
  ]),
  ...fieldsOf(INT, [
    'cf.portcullis.client_certificate.age_seconds',
    'cf.portcullis.client_certificate.not_after_seconds',
  ]),
]

/** https://developers.cloudflare.com/ruleset-engine/rules-language/fields/reference/ (IP, SSL/TLS, mTLS) */
export const CONNECTION_FIELDS = [
  ...fieldsOf(IP, ['cf.edge.server_ip', 'ip.dst', 'ip.src']),
  ...fieldsOf(BYTES, [
    'cf.tls_cipher',
    'cf.tls_ciphers_sha1',
    'cf.tls_client_auth.cert_chain_rfc9440',
    'cf.tls_client_auth.cert_fingerprint_sha1',
    'cf.tls_client_auth.cert_fingerprint_sha256',
    'cf.tls_client_auth.cert_issuer_dn',
    'cf.tls_client_auth.cert_issuer_dn_legacy',
    'cf.tls_client_auth.cert_issuer_dn_rfc2253',
    'cf.tls_client_auth.cert_issuer_serial',
    'cf.tls_client_auth.cert_issuer_ski',
    'cf.tls_client_auth.cert_not_after',
    'cf.tls_client_auth.cert_not_before',
    'cf.tls_client_auth.cert_rfc9440',
    'cf.tls_client_auth.cert_serial',
    'cf.tls_client_auth.cert_ski',
    'cf.tls_client_auth.cert_subject_dn',
    'cf.tls_client_auth.cert_subject_dn_legacy',
    'cf.tls_client_auth.cert_subject_dn_rfc2253',
    'cf.tls_client_extensions_sha1',
    'cf.tls_client_extensions_sha1_le',
    'cf.tls_client_random',
    'cf.tls_version',
    'ip.src.city',
    'ip.src.continent',
    'ip.src.country',
    'ip.src.lat',
    'ip.src.lon',
    'ip.src.metro_code',
    'ip.src.postal_code',
    'ip.src.region',
    'ip.src.region_code',
    'ip.src.subdivision_1_iso_code',
    'ip.src.subdivision_2_iso_code',
    'ip.src.timezone.name',
  ]),
  ...fieldsOf(INT, [
    'cf.edge.l4.delivery_rate',
    'cf.edge.server_port',
    'cf.timings.client_quic_rtt_msec',
    'cf.timings.client_tcp_rtt_msec',
    'cf.timings.edge_msec',
    'cf.timings.origin_ttfb_msec',
    'cf.timings.worker_msec',
    'cf.tls_client_hello_length',
    'ip.src.asnum',
    'tcp.dstport',
    'tcp.srcport',
  ]),
  ...fieldsOf(BOOL, [
    'cf.edge.client_tcp',
    'cf.tls_client_auth.cert_chain_rfc9440_too_large',
    'cf.tls_client_auth.cert_presented',
    'cf.tls_client_auth.cert_revoked',
    'cf.tls_client_auth.cert_rfc9440_too_large',
    'cf.tls_client_auth.cert_verified',
    'ip.src.is_in_european_union',
    'tcp.flags.push',
    'tcp.flags.reset',
  ]),
  ...VERIFIED_CERTIFICATE_FIELDS,
]
