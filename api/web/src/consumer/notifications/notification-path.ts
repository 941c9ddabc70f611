import type { View } from '../../api/client';

/** The page of what a notification is about, for the side that it is told. */
export function notificationPath(notification: View<'NotificationView'>): string | null {
  const { kind, request_id: request, booking_id: booking, enrollment_id: enrollment } = notification;
  switch (kind) {
    case 'lead':
      return request == null ? '/work' : `/work/leads/${request}`;
    case 'offer_declined':
      return '/work/offers';
    case 'enrollment_decided':
      return enrollment == null ? null : `/enroll/${enrollment}`;
    // Told to either side: who only was asked for it is led on to the lead from there.
    case 'offer_expired':
    case 'offer':
    case 'no_match':
    case 'request_expired':
      return request == null ? null : `/requests/${request}`;
    case 'review':
      return '/work/numbers?tab=reviews';
    case 'booked':
    case 'rescheduled':
    case 'cancelled':
    case 'reminder_24h':
    case 'completed':
    case 'review_due':
    case 'review_response':
      return booking == null ? null : `/bookings/${booking}`;
  }
}
