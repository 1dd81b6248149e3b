import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['shared/**/*.test.ts', 'portal/**/*.test.ts', 'desk/**/*.test.{ts,tsx}'], environment: 'node' },
})
