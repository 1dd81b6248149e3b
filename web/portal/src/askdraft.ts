// The draft of a question: what survives a reload until it is sent.

import { newID } from '../../shared/ident'
import type { Pending } from '../../shared/upload'

export const draftKey = 'ask'

export interface Draft {
  /** the order's id, made with the draft: sending twice makes one order */
  id: string
  step: number
  province: string
  city: string
  county: string
  place: string
  question: string
  type: string
  typeName: string
  name: string
  phone: string
  files: Pending[]
  // What keeper.ts remembers of the account: the version that was kept there, what that
  // said and what was last sent to be kept, as JSON, and whose it is.
  rev: number
  base: string
  tried: string
  owner: string
}

export const blank = (): Draft => ({
  id: newID(),
  step: 1,
  province: '',
  city: '',
  county: '',
  place: '',
  question: '',
  type: '',
  typeName: '',
  name: '',
  phone: '',
  files: [],
  rev: 0,
  base: '',
  tried: '',
  owner: '',
})

/** The finest region that was chosen. */
export const region = (d: Draft): string => d.county || d.city || d.province

/** The step at which a field of the wire is asked. */
export function stepOf(field: string): number {
  if (field.startsWith('region')) return 1
  if (field.startsWith('question') || field.startsWith('problem_type') || field.startsWith('title') || field.startsWith('attachments')) return 2
  return 3
}
