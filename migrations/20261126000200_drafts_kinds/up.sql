-- All that another person sees, or that moves a calendar, happens by a draft.
ALTER TYPE draft_kind ADD VALUE 'request_cancellation';
ALTER TYPE draft_kind ADD VALUE 'offer';
ALTER TYPE draft_kind ADD VALUE 'withdrawal';
ALTER TYPE draft_kind ADD VALUE 'decline';
ALTER TYPE draft_kind ADD VALUE 'acceptance';
ALTER TYPE draft_kind ADD VALUE 'booking_cancellation';
ALTER TYPE draft_kind ADD VALUE 'reschedule';
ALTER TYPE draft_kind ADD VALUE 'reschedule_answer';
ALTER TYPE draft_kind ADD VALUE 'completion';
ALTER TYPE draft_kind ADD VALUE 'no_show';
ALTER TYPE draft_kind ADD VALUE 'review';
ALTER TYPE draft_kind ADD VALUE 'review_response';
ALTER TYPE draft_kind ADD VALUE 'enrollment';
ALTER TYPE draft_kind ADD VALUE 'availability';
