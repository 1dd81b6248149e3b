import { defineConfig } from 'vite'

// The portal is straight preact: no React in its bundle. Nothing is inlined as
// data: URI, because the policy default-src 'self' would refuse it.
export default defineConfig({
  root: 'portal',
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2020',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
