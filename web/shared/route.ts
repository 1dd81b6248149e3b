// Routing by the fragment: "#/orders/123?x=1". No server path needs a fallback.

export interface Route { path: string; parts: string[]; query: URLSearchParams }

export function parse(hash: string): Route {
  const [path = '/', q = ''] = hash.replace(/^#/, '').split('?', 2)
  const parts = path.split('/').filter(Boolean).map(decode)
  return { path: '/' + parts.join('/'), parts, query: new URLSearchParams(q) }
}

function decode(s: string): string {
  try {
    return decodeURIComponent(s)
  } catch {
    return s
  }
}

export function go(path: string, replace = false): void {
  if (replace) location.replace('#' + path)
  else location.hash = path
}

export function onRoute(fn: () => void): () => void {
  addEventListener('hashchange', fn)
  return () => removeEventListener('hashchange', fn)
}
