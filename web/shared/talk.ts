// What of an order's messages is follow-up: the question and the first reply
// have their own places on the page, so they are not shown twice.

import type { Message, Order } from './types'

export function followUp(o: Pick<Order, 'messages' | 'question' | 'answer'>): Message[] {
  const sorted = [...o.messages].sort((a, b) => a.n - b.n)
  const question = sorted.findIndex((m) => m.role === 'citizen' && m.text === o.question)
  const answer = sorted.findIndex((m) => m.role === 'lawyer' && o.answer !== undefined && m.text === o.answer.text)
  return sorted.filter((_, i) => i !== question && i !== answer)
}
