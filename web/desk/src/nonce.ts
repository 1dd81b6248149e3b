// The page's policy lets in only stylesheets that carry the nonce of this answer.
// antd hands it to its own styles (ConfigProvider csp); the few that its parts make
// without asking (locked scrolling below a dialogue) get it here. Import it first.

export const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce ?? ''

const create = document.createElement.bind(document)
document.createElement = ((tag: string, options?: ElementCreationOptions) => {
  const e = create(tag, options)
  if (tag === 'style') e.nonce = nonce
  return e
}) as typeof document.createElement
