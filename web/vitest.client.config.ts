import { defineConfig } from 'vitest/config'

// The generated client against the running program: npm run client.
export default defineConfig({
  test: { include: ['api/**/*.test.ts'], environment: 'node', testTimeout: 90_000, hookTimeout: 90_000 },
})
