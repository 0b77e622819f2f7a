/**
 * `npm run demo`: the whole story of the temperature API, from open to guarded, on a shield of its own. Each
 * step is done by a real client against the running shield, and what comes back is held against the list.
 * Exit 0 when all of it came back, 1 when something else did, 2 when the demo could not begin, 130 when told to stop.
 */
import { join } from 'node:path'
import { openStage } from './shield.ts'
import {
  associate,
  forge,
  issue,
  makeKeys,
  packForMobile,
  reactivate,
  revoke,
} from './steps/certificates.ts'
import { explain, explainLatestLogged } from './steps/events.ts'
import { curlSends, mobileReads, sensorSends } from './steps/requests.ts'
import { requireCertificate, seedFrom } from './steps/rules.ts'
import type { Step } from './steps/step.ts'
import { tell } from './tell.ts'

const REPOSITORY = join(import.meta.dirname, '..')
const TIME = '2026-11-22T10:15:30Z'
const SCHEMA_BLOCK =
  'block by apiShieldSchemaValidation "The request departs from the uploaded schema of its operation"'
const CERTIFICATE_BLOCK = 'block by firewallCustom "no valid client certificate"'

const STORY: readonly Step[] = [
  {
    does: 'rules/ and schemas/ are put into force',
    run: seedFrom(REPOSITORY),
    comesBack: '1 rule, 1 schema, 4 operation, 4 operation_setting',
  },
  {
    does: 'the API is open: the sensor sends a reading',
    run: sensorSends({ as: null, celsius: 36.5 }),
    comesBack: '201',
  },
  {
    does: 'anybody reads it',
    run: curlSends({ as: null, path: '/temps' }),
    comesBack: '200 [36.5]',
  },
  {
    does: 'sensor and phone make keys and signing requests',
    run: makeKeys('sensor', 'phone'),
    comesBack: 'sensor, phone',
  },
  {
    does: 'the shield issues their certificates',
    run: issue('sensor', 'phone'),
    comesBack:
      'active sensor.devices.example.com of Example Thermometry, Inc.; active phone.devices.example.com of Example Thermometry, Inc.',
  },
  {
    does: 'clients of these hosts are asked for a certificate',
    run: associate('127.0.0.1', 'localhost'),
    comesBack: '127.0.0.1, localhost',
  },
  {
    does: 'a rule notes who has none',
    run: requireCertificate('log'),
    comesBack: 'log no valid client certificate, block unknown operation',
  },
  {
    does: 'without a certificate the sensor still gets through',
    run: sensorSends({ as: null, celsius: 36.6 }),
    comesBack: '201',
  },
  {
    does: '… but there is an event',
    run: explainLatestLogged(),
    comesBack:
      'log by firewallCustom "no valid client certificate", client-certificate not_presented',
  },
  {
    does: 'now the rule blocks',
    run: requireCertificate('block'),
    comesBack: 'block no valid client certificate, block unknown operation',
  },
  {
    does: 'the sensor without a certificate',
    run: sensorSends({ as: null, celsius: 36.7, remember: 'none' }),
    comesBack: '403',
  },
  {
    does: 'the sensor with its certificate',
    run: sensorSends({ as: 'sensor', celsius: 36.8 }),
    comesBack: '201',
  },
  {
    does: 'a stranger signs a certificate with the same names',
    run: forge('stranger', 'sensor'),
    comesBack: 'a certificate',
  },
  {
    does: 'the stranger presents it',
    run: curlSends({ as: 'stranger', path: '/temps', remember: 'stranger' }),
    comesBack: '403',
  },
  {
    does: 'a good certificate, a field that nobody asked for',
    run: curlSends({
      as: 'sensor',
      path: '/temps',
      body: { temperature: 36.9, time: TIME, admin: true },
      remember: 'field',
    }),
    comesBack: '403',
  },
  {
    does: 'a good certificate, a value of the wrong type',
    run: curlSends({
      as: 'sensor',
      path: '/temps',
      body: { temperature: [36.9], time: TIME },
      remember: 'type',
    }),
    comesBack: '403',
  },
  {
    does: 'a good certificate, an unknown path',
    run: curlSends({ as: 'sensor', path: '/admin', remember: 'path' }),
    comesBack: '403',
  },
  {
    does: 'the phone packs its certificate as PKCS#12',
    run: packForMobile('phone'),
    comesBack: 'phone.p12',
  },
  {
    does: 'the phone reads what its organisation sent',
    run: mobileReads('phone'),
    comesBack: '200 [36.8]',
  },
  {
    does: 'the sensor is lost: its certificate is revoked',
    run: revoke('sensor'),
    comesBack: 'revoked',
  },
  {
    does: 'the sensor, at once',
    run: sensorSends({ as: 'sensor', celsius: 37, remember: 'revoked' }),
    comesBack: '403',
  },
  {
    does: 'the phone is none the worse for it',
    run: mobileReads('phone'),
    comesBack: '200 [36.8]',
  },
  { does: 'the sensor is found again', run: reactivate('sensor'), comesBack: 'active' },
  {
    does: 'the sensor is back',
    run: sensorSends({ as: 'sensor', celsius: 37.1 }),
    comesBack: '201',
  },
  {
    does: 'why was the bare sensor stopped?',
    run: explain('none'),
    comesBack: `${CERTIFICATE_BLOCK}, client-certificate not_presented`,
  },
  {
    does: 'why was the stranger stopped?',
    run: explain('stranger'),
    comesBack: `${CERTIFICATE_BLOCK}, client-certificate self_signed`,
  },
  {
    does: 'why was the field stopped?',
    run: explain('field'),
    comesBack: `${SCHEMA_BLOCK}, body $.admin constraint_violation forbidden_value`,
  },
  {
    does: 'why was the type stopped?',
    run: explain('type'),
    comesBack: `${SCHEMA_BLOCK}, body $.temperature invalid_type expected:one_of`,
  },
  {
    does: 'why was the path stopped?',
    run: explain('path'),
    comesBack: 'block by firewallCustom "unknown operation", client-certificate verified',
  },
  {
    does: 'why was the lost sensor stopped?',
    run: explain('revoked'),
    comesBack: `${CERTIFICATE_BLOCK}, client-certificate revoked`,
  },
]

/** As a shell counts a program that was interrupted. */
const ABANDONED = 130

process.exitCode = await main()

async function main(): Promise<number> {
  const told = new AbortController()
  const opening = openStage((line) => log(`· ${line}`))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      told.abort()
      abandon(opening)
    })
  }
  const stage = await opening
  if (!stage.ok) {
    console.error(`demo: ${stage.error}`)
    return 2
  }
  try {
    const { world } = stage.value
    const differing = await tell({ story: STORY, world, log, signal: told.signal })
    if (told.signal.aborted) return ABANDONED
    log(
      differing === 0
        ? `all ${STORY.length} steps came back as told`
        : `${differing} of ${STORY.length} steps differ`,
    )
    return differing === 0 ? 0 : 1
  } finally {
    await stage.value.close()
  }
}

function log(line: string): void {
  console.log(line)
}

/** Told to stop: what was started goes, whatever step it was at. */
function abandon(opening: ReturnType<typeof openStage>): void {
  void opening
    .then(async (stage) => (stage.ok ? stage.value.close() : null))
    .finally(() => process.exit(ABANDONED))
}
