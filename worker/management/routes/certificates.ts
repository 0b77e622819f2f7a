/** Certificates: those issued here, the authorities of others, and the hostnames that ask for either. */
import {
  getHostnameAssociations,
  updateHostnameAssociations,
} from '../certificate-authorities/hostname-associations.ts'
import {
  createClientCertificate,
  deleteClientCertificate,
  editClientCertificate,
  getClientCertificate,
  listClientCertificates,
} from '../client-certificates.ts'
import { getMtlsCertificateAssociations } from '../mtls-certificates/associations.ts'
import {
  createMtlsCertificate,
  deleteMtlsCertificate,
  getMtlsCertificate,
  listMtlsCertificates,
} from '../mtls-certificates/mtls-certificates.ts'
import { A, Z, type Route } from '../route.ts'

const MTLS_CERTIFICATES = `${A}/mtls_certificates`

export const CERTIFICATE_ROUTES: readonly Route[] = [
  {
    path: `${Z}/client_certificates`,
    methods: { GET: listClientCertificates, POST: createClientCertificate },
  },
  {
    path: `${Z}/client_certificates/:client_certificate_id`,
    methods: {
      GET: getClientCertificate,
      PATCH: editClientCertificate,
      DELETE: deleteClientCertificate,
    },
  },
  {
    path: MTLS_CERTIFICATES,
    methods: { GET: listMtlsCertificates, POST: createMtlsCertificate },
  },
  {
    path: `${MTLS_CERTIFICATES}/:mtls_certificate_id`,
    methods: { GET: getMtlsCertificate, DELETE: deleteMtlsCertificate },
  },
  {
    path: `${MTLS_CERTIFICATES}/:mtls_certificate_id/associations`,
    methods: { GET: getMtlsCertificateAssociations },
  },
  {
    path: `${Z}/certificate_authorities/hostname_associations`,
    methods: { GET: getHostnameAssociations, PUT: updateHostnameAssociations },
  },
]
