/** What Cloudflare has no REST for. */
import { listAudit } from '../portcullis/audit.ts'
import { listEvents } from '../portcullis/events.ts'
import { listExpiring } from '../portcullis/expiry/expiring.ts'
import { reissueClientCertificate } from '../portcullis/reissue.ts'
import { deleteRevocationList } from '../portcullis/revocation/remove.ts'
import { getRevocation, updateRevocation } from '../portcullis/revocation/settings.ts'
import { uploadRevocationList } from '../portcullis/revocation/upload.ts'
import { getSeed, reconcileSeedNow, replaceSeed } from '../portcullis/seed.ts'
import { forgetSession, getSession } from '../portcullis/sessions.ts'
import {
  createSequenceRule,
  deleteSequenceRule,
  getSequenceRule,
  listSequenceRules,
  updateSequenceRule,
} from '../portcullis/sequence-rules.ts'
import { Z, type Route } from '../route.ts'

const SEQUENCE_RULES = `${Z}/portcullis/sequence_rules`

const REVOCATION = `${Z}/portcullis/mtls_certificates/:mtls_certificate_id`

export const PORTCULLIS_ROUTES: readonly Route[] = [
  { path: `${Z}/portcullis/events`, methods: { GET: listEvents } },
  { path: `${Z}/portcullis/audit`, methods: { GET: listAudit } },
  { path: `${Z}/portcullis/certificates/expiring`, methods: { GET: listExpiring } },
  {
    path: `${Z}/portcullis/client_certificates/:client_certificate_id/reissue`,
    methods: { POST: reissueClientCertificate },
  },
  { path: `${REVOCATION}/revocation`, methods: { GET: getRevocation, PUT: updateRevocation } },
  { path: `${REVOCATION}/crl`, methods: { PUT: uploadRevocationList } },
  { path: `${REVOCATION}/crl/:revocation_list_id`, methods: { DELETE: deleteRevocationList } },
  { path: SEQUENCE_RULES, methods: { GET: listSequenceRules, POST: createSequenceRule } },
  {
    path: `${SEQUENCE_RULES}/:rule_id`,
    methods: { GET: getSequenceRule, PUT: updateSequenceRule, DELETE: deleteSequenceRule },
  },
  {
    path: `${Z}/portcullis/sessions/:session_id`,
    methods: { GET: getSession, DELETE: forgetSession },
  },
  {
    path: `${Z}/portcullis/seed`,
    methods: { GET: getSeed, PUT: replaceSeed, POST: reconcileSeedNow },
  },
]
