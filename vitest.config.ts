import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { echoOrigin } from './test/support/origin.ts'

export default defineConfig({
  test: {
    projects: [
      {
        // Pure engines: plain Node, no Workers runtime.
        test: { name: 'engines', include: ['test/engines/**/*.test.ts'] },
      },
      {
        // The Worker's own modules, inside workerd with real KV and Durable Objects.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: { API_TOKEN: 'test-token', SEALING_SECRET: '00'.repeat(32) },
              serviceBindings: { ORIGIN: echoOrigin },
            },
          }),
        ],
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The local edge over real sockets, and black-box tests through it: TLS, curl, the official SDK.
        test: {
          name: 'edge',
          include: [
            'test/edge/**/*.test.ts',
            'test/conformance/**/*.test.ts',
            'test/cli/**/*.test.ts',
            'test/demo/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
