import { useState } from 'react';
import { wordsOf } from '../ui/badge';
import { Button } from '../ui/button';
import { Markdown } from '../ui/markdown';
import { Notice } from '../ui/notice';
import { toastFailure } from '../ui/toast';
import { textOf } from './answer';
import type { Answer } from './answer';

interface AnswerViewProps {
  answer: Answer;
  /** Whether it is the first of those that are awaited: the others come after it. */
  isNext: boolean;
  onStop: () => Promise<void>;
}

/** An answer on its way: what is done for it, and its text as it comes. */
export function AnswerView({ answer, isNext, onStop }: AnswerViewProps) {
  const [isStopping, setStopping] = useState(false);
  const text = textOf(answer);
  async function stop() {
    setStopping(true);
    await onStop().catch(toastFailure);
    setStopping(false);
  }
  return (
    <article aria-label="Proxie" aria-busy={answer.ended === null} className="grid min-w-0 gap-3">
      {text !== '' && <Markdown text={text} />}
      {answer.ended === null && (
        <div className="flex min-h-9 flex-wrap items-center gap-x-3 text-sm text-muted">
          <span aria-hidden className="size-2.5 animate-pulse rounded-full bg-accent" />
          <span>{doingWords(answer, isNext)}</span>
          <Button look="quiet" size="small" icon="stop" busy={isStopping} onClick={() => void stop()}>
            Stop
          </Button>
        </div>
      )}
      {answer.ended?.status === 'failed' && (
        <Notice tone="warn" role="alert">
          {answer.ended.error?.detail ?? 'This was not answered.'}
        </Notice>
      )}
    </article>
  );
}

/** What is being done for an answer, in words. */
export function doingWords({ stage, queuePosition, tool, pieces }: Answer, isNext: boolean): string {
  if (stage === 'retrying') return 'That did not work: trying again';
  if (stage === 'queued') {
    if (!isNext) return 'Comes after the answer above';
    if (queuePosition === null || queuePosition === 0) return 'Thinking';
    return queuePosition === 1 ? 'Waiting: 1 before you' : `Waiting: ${queuePosition.toLocaleString('en')} before you`;
  }
  if (tool !== null) return toolWords[tool] ?? wordsOf(tool);
  return pieces.length > 0 ? 'Writing' : 'Thinking';
}

const toolWords: Record<string, string> = {
  update_request_draft: 'Noting what you need',
  search_providers: 'Looking for people who do this',
  show_signup_prompt: 'Preparing your account',
  create_service_request: 'Preparing your request',
  request_quotes: 'Preparing your request',
  get_my_requests: 'Looking at your requests',
  get_offers: 'Looking at your offers',
  accept_offer: 'Preparing the booking',
  decline_offer: 'Preparing the answer',
  cancel_request: 'Preparing the cancellation',
  get_booking: 'Looking at your booking',
  get_booking_history: 'Looking at your bookings',
  cancel_booking: 'Preparing the cancellation',
  reschedule_booking: 'Looking for another time',
  answer_reschedule: 'Preparing the answer',
  rebook: 'Preparing your request',
  submit_review: 'Preparing your review',
  recall_preferences: 'Recalling what you like',
  update_preferences: 'Remembering what you like',
  get_profile: 'Looking at your profile',
  update_profile: 'Correcting your profile',
  get_leads: 'Looking at your leads',
  get_lead_details: 'Looking at the lead',
  pass_lead: 'Passing the lead',
  suggest_offer: 'Working out an offer',
  submit_offer: 'Preparing the offer',
  withdraw_offer: 'Preparing the withdrawal',
  get_my_bookings: 'Looking at your bookings',
  complete_booking: 'Preparing the completion',
  report_no_show: 'Preparing the report',
  update_availability: 'Working out your hours',
  respond_to_review: 'Preparing your answer',
  analyze_performance: 'Looking at your numbers',
  get_service_catalog: 'Looking at the services there are',
  update_enrollment: 'Filling in your enrollment',
  get_enrollment_summary: 'Looking at your enrollment',
  request_portfolio: 'Looking at your photos',
  submit_enrollment: 'Preparing your enrollment',
};
