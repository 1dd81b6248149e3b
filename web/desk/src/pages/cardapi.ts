// Lawyers' cards: what they do, and what they told of themselves.

import { call } from '../../../shared/api'

export interface Practice { firm: string; areas: string[]; regions: string[]; languages: string[] }
export interface Mine extends Practice { nickname: string; joined_on: string }
export interface Card extends Mine {
  id: string
  name: string
  phone?: string
  status: 'online' | 'busy' | 'away'
  told: { code: string; name: string; kind: string; value?: string; pictures?: string[] }[]
  missing: string[]
}
export const mine = () => call<Mine>('GET', '/lawyers/me')
export const change = (b: Practice) => call<Mine>('PUT', '/lawyers/me', b)
export const card = (id: string) => call<Card>('GET', '/lawyers/' + encodeURIComponent(id))
export const pictureOf = (id: string, file: string) => `/api/v1/lawyers/${encodeURIComponent(id)}/pictures/${encodeURIComponent(file)}`
export const myPicture = (file: string) => '/api/v1/me/pictures/' + encodeURIComponent(file)
