import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'desk',
  base: '/desk/',
  plugins: [react()],
  // The server puts a fresh nonce in place of this word (web.go, base/web/files.go).
  html: { cspNonce: 'MINGFA-NONCE' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2020',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
