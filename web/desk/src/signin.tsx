import { useState } from 'react'
import * as api from '../../shared/api'
import type { Me } from '../../shared/types'
import { useSay, useVerb } from './app'
import { Input } from './controls'
import { at, Field, Heading, onSubmit, Problem, Send } from './parts'

export function SignIn({ done }: { done: (m: Me) => void }) {
  const t = useSay()
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [totp, setTotp] = useState('')
  const send = useVerb(
    () => api.signInStaff(user.trim(), password, totp.trim()),
    (r) => done({ ...r.person, unread: r.person.unread ?? 0 }),
  )
  return (
    <form className="card narrow" onSubmit={onSubmit(() => send.mutate(undefined))}>
      <Heading>{t('sign_in_title')}</Heading>
      <Field id="user" label={t('user')} error={at(send.error, 'user')}>
        {(aria) => <Input {...aria} autoComplete="username" required value={user} onChange={(e) => setUser(e.target.value)} />}
      </Field>
      <Field id="password" label={t('password')} error={at(send.error, 'password')}>
        {(aria) => <Input {...aria} type="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} />}
      </Field>
      <Field id="totp" label={t('totp')} hint={t('totp_hint')} error={at(send.error, 'totp')}>
        {(aria) => <Input {...aria} inputMode="numeric" autoComplete="one-time-code" required value={totp} onChange={(e) => setTotp(e.target.value)} />}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('sign_in')}</Send>
    </form>
  )
}
