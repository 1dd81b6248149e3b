// Puts an answered order on the list of the quality check, with a reason.

import { useState } from 'react'
import { go } from '../../../shared/route'
import type { Order } from '../../../shared/types'
import { useVerb } from '../app'
import { Button } from '../controls'
import { ReasonDialog } from '../reason'
import * as api from './qualityapi'
import { useWords } from './qualitytexts'

export default function AddCheck({ o }: { o: Order }) {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const send = useVerb(
    (reason: string) => api.add(o.id, reason),
    (s) => go('/quality/samples/' + s.id),
  )
  return (
    <p>
      <Button data-act="add-check" aria-haspopup="dialog" onClick={() => (send.reset(), setOpen(true))}>
        {t('add')}
      </Button>
      {open && <ReasonDialog title={t('add')} lead={t('add_lead')} label={t('add_why')} confirm={t('add')} pending={send.isPending} error={send.error} onConfirm={(r) => send.mutate(r)} onClose={() => setOpen(false)} />}
    </p>
  )
}
